import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { Agent } from '../support/agent';
import { ApiAgent, ApiVisitor, call } from '../support/api';
import { mails } from '../support/mail';
import { SmtpServer } from '../support/smtp';
import { accountOf, expect, password, test } from '../support/test';
import { answered } from '../support/watch';

const binary = path.resolve(import.meta.dirname, '..', process.env.FRONTDESK_BIN || '../target/release/frontdesk');

const pages = ['agents', 'departments', 'labels', 'blocks', 'rules', 'mail'] as const;
const code = '<img src=x onerror=owned=1>';

async function open(admin: Agent, page: (typeof pages)[number], title: string): Promise<Page> {
  await admin.page.goto(`/console/settings/${page}`);
  await expect(admin.page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  return admin.page;
}

/** A row of the page's table. */
const row = (page: Page, name: string): Locator => page.getByRole('row').filter({ hasText: name });
const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name });
const press = (where: Page | Locator, name: string): Promise<void> => where.getByRole('button', { name, exact: true }).click();

async function confirm(page: Page, title: string, button: string): Promise<void> {
  await press(page.getByRole('alertdialog', { name: title }), button);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
}

test('another agent finds no way in, and the server refuses as well', async ({ server, agent, admin }) => {
  await expect(agent.page.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  for (const page of ['', ...pages.map((page) => `/${page}`)]) {
    await agent.page.goto(`/console/settings${page}`);
    await expect(agent.page.getByRole('heading', { name: 'Settings are for admins' })).toBeVisible();
    await expect(agent.page.getByRole('navigation', { name: 'Settings' })).toHaveCount(0);
  }
  await admin.page.getByRole('link', { name: 'Settings' }).click();
  await expect(admin.page.getByRole('heading', { name: 'Agents', level: 1 })).toBeVisible();

  const id = crypto.randomUUID();
  const cookie = (await agent.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const form = { name: 'Eve', email: 'eve@example.com', admin: true, departments: [], password: 'correct horse', deactivated: false };
  const calls: [string, object][] = [
    ['agents', {}],
    ['agents/save', { id: null, form }],
    ['agents/save', { id: 1, form }],
    ['departments', {}],
    ['departments/save', { id: null, name: 'Sales', members: [] }],
    ['departments/remove', { id: 1 }],
    ['labels/save', { label: { id: 1, name: 'a', color: 1 } }],
    ['labels/remove', { id: 1 }],
    ['blocks', { before: null }],
    ['blocks/lift', { block: 1, id }],
    ['rules/save', { rules: { answer_within_s: 5, max_file_mb: 1, max_files: 1 } }],
    ['mail', { filter: 'done', before: null }],
    ['mail/retry', { id: 1 }],
    ['mail/test', { to: 'eve@example.com', id }],
  ];
  for (const [path, body] of calls) {
    expect(await call(server, `admin/${path}`, body, { cookie }), path).toEqual({ status: 403, body: { error: 'not_allowed' } });
    expect((await call(server, `admin/${path}`, body)).status, path).toBe(401);
    expect((await call(server, `admin/${path}`, body, { token: new ApiVisitor(server).token })).status, path).toBe(401);
  }
  expect(await mails(server)).toEqual([]);
});

test('an agent is added, changed, deactivated and let in again', async ({ admin, browserOf, watch }) => {
  const page = await open(admin, 'agents', 'Agents');
  await press(page, 'Add agent');
  const adding = dialog(page, 'Add agent');
  await press(adding, 'Add agent');
  for (const fault of ['Please enter a name', 'Please enter an email address', 'at least 8 characters']) {
    await expect(adding.getByText(new RegExp(fault)).first()).toBeVisible();
  }
  await adding.getByRole('textbox', { name: 'Name' }).fill('Ben Okafor');
  await adding.getByRole('textbox', { name: 'Email' }).fill('ADA@example.com');
  await adding.getByLabel('Password').fill(password);
  await press(adding, 'Add agent');
  await expect(adding.getByText('An agent with this email exists already.')).toBeVisible();
  await adding.getByRole('textbox', { name: 'Email' }).fill('ben@example.com');
  await press(adding, 'Add agent');
  await expect(adding).toBeHidden();
  await expect(row(page, 'ben@example.com')).toContainText('Ben Okafor');

  const ben = new Agent(await (await browserOf()).newPage(), accountOf('Ben Okafor'));
  await ben.logIn();
  await expect(ben.page.getByRole('navigation', { name: 'Main' })).toContainText('Ben Okafor');

  await press(page, 'Edit Ben Okafor');
  const editing = dialog(page, 'Edit agent');
  await editing.getByRole('textbox', { name: 'Name' }).fill(`Benno ${code}`);
  await editing.getByRole('combobox', { name: 'Role' }).selectOption('Admin');
  await press(editing, 'Save');
  await expect(row(page, 'ben@example.com')).toContainText(`Benno ${code}`);
  await expect(row(page, 'ben@example.com')).toContainText('Admin');
  await expect(ben.page.getByRole('navigation', { name: 'Main' })).toContainText(`Benno ${code}`);
  await expect(ben.page.getByRole('link', { name: 'Settings' })).toBeVisible();
  for (const window of [page, ben.page]) expect(await window.evaluate(() => 'owned' in globalThis)).toBe(false);

  watch.expect(answered(401, '/'));
  await press(page, `Deactivate Benno ${code}`);
  await confirm(page, `Deactivate Benno ${code}?`, 'Deactivate');
  await expect(row(page, 'ben@example.com')).toContainText('Deactivated');
  await ben.page.goto('/console');
  await expect(ben.page).toHaveURL(/\/login/);
  await ben.page.getByRole('textbox', { name: 'Email' }).fill('ben@example.com');
  await ben.page.getByLabel('Password').fill(password);
  await press(ben.page, 'Log in');
  await expect(ben.page.getByRole('alert')).toContainText('Email or password is not right.');

  await press(page, `Activate Benno ${code}`);
  await confirm(page, `Activate Benno ${code}?`, 'Activate');
  await ben.logIn();
});

test('there always is an admin, and nobody turns themselves off', async ({ admin, server, watch }) => {
  const page = await open(admin, 'agents', 'Agents');
  await expect(row(page, 'ada@example.com')).toContainText('Ada Boss (you)');
  await expect(row(page, 'ada@example.com').getByRole('button', { name: /Deactivate/ })).toHaveCount(0);
  watch.expect(answered(422, '/api/admin/agents/save'));
  await press(page, 'Edit Ada Boss');
  const editing = dialog(page, 'Edit agent');
  await editing.getByRole('combobox', { name: 'Role' }).selectOption('Agent');
  await press(editing, 'Save');
  await expect(editing.getByRole('alert')).toContainText('This is the last admin');
  await press(editing, 'Cancel');

  const account = accountOf('Ada Boss');
  const ada = await ApiAgent.logIn(server, account);
  const [me] = (await ada.call('admin/agents', {})).body;
  const change = (more: object) => ada.call('admin/agents/save', { id: me.id, form: { name: me.name, email: me.email, admin: true, ...more } });
  expect(await change({ deactivated: true })).toMatchObject({ status: 422, body: { sentence: expect.stringContaining('last admin') } });
  expect((await change({ name: 'x'.repeat(101) })).body).toMatchObject({ refusal: { reason: 'invalid_name', max: 100 } });
  expect((await change({ email: 'nobody' })).body).toMatchObject({ refusal: { reason: 'invalid_email' } });
  expect((await change({ password: 'short' })).status).toBe(422);
  expect((await change({ password: 'x'.repeat(1_025) })).status).toBe(422);
});

test('departments have members, whom their chats ring for, and visitors choose among them', async ({ admin, newAgent, newVisitor, watch }) => {
  const ben = await newAgent('Ben Okafor');
  const page = await open(admin, 'departments', 'Departments');
  await expect(page.getByRole('heading', { name: 'No departments yet' })).toBeVisible();
  for (const [name, members] of [['Sales', ['Ben Okafor']], [`Help ${code}`, ['Ada Boss']]] as [string, string[]][]) {
    await press(page, 'Add department');
    const adding = dialog(page, 'Add department');
    await adding.getByRole('textbox', { name: 'Name' }).fill(name);
    for (const member of members) await adding.getByRole('checkbox', { name: member }).check();
    await press(adding, 'Add department');
    await expect(row(page, name)).toContainText('1 member');
  }
  watch.expect(answered(422, '/api/admin/departments/save'));
  await press(page, 'Add department');
  await dialog(page, 'Add department').getByRole('textbox', { name: 'Name' }).fill('sales');
  await press(dialog(page, 'Add department'), 'Add department');
  await expect(dialog(page, 'Add department').getByText('There already is a department with this name.')).toBeVisible();
  await press(dialog(page, 'Add department'), 'Cancel');

  const visitor = await newVisitor();
  await visitor.openChat();
  const choice = visitor.face.getByRole('combobox', { name: 'Department' });
  await expect(choice.getByRole('option')).toHaveText([`Help ${code}`, 'Sales']);
  await choice.selectOption('Sales');
  await visitor.box.fill('A question to Sales');
  await visitor.face.getByRole('button', { name: 'Start chat' }).click();
  await expect(ben.ring('A question to Sales')).toBeVisible();
  await expect(admin.ring()).toHaveCount(0);

  await press(page, 'Members Sales');
  const members = dialog(page, 'Members of Sales');
  await members.getByRole('checkbox', { name: 'Ben Okafor' }).uncheck();
  await members.getByRole('checkbox', { name: 'Ada Boss' }).check();
  await press(members, 'Save');
  await expect(admin.ring('A question to Sales')).toBeVisible();
  await admin.dismiss('A question to Sales');

  await press(page, 'Rename Sales');
  await dialog(page, 'Rename department').getByRole('textbox', { name: 'Name' }).fill('Orders');
  await press(dialog(page, 'Rename department'), 'Save');
  await expect(row(page, 'Orders')).toContainText('1 member');
  await press(page, `Delete Help ${code}`);
  await confirm(page, `Delete Help ${code}?`, 'Delete');
  await expect(row(page, code)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('table', { name: 'Departments' }).getByRole('row')).toHaveCount(2);
  await expect(row(page, 'Orders')).toBeVisible();
});

test('labels are added with a colour, renamed and deleted; chats keep what they have', async ({ admin, newVisitor, watch }) => {
  const page = await open(admin, 'labels', 'Labels');
  await press(page, 'Add label');
  const adding = dialog(page, 'Add label');
  await press(adding, 'Add label');
  await expect(adding.getByText('Please enter a name of at most 40 characters.')).toBeVisible();
  await adding.getByRole('textbox', { name: 'Name' }).fill('Wholesale');
  await adding.getByRole('radio', { name: 'Orange' }).check();
  await press(adding, 'Add label');
  await expect(row(page, 'Wholesale')).toBeVisible();
  await expect(adding).toBeHidden();
  await press(page, 'Add label');
  await adding.getByRole('textbox', { name: 'Name' }).fill('wholesale');
  await press(adding, 'Add label');
  await expect(adding.getByText('There already is a label with this name.')).toBeVisible();
  await press(adding, 'Cancel');

  await press(page, 'Edit Wholesale');
  const editing = dialog(page, 'Edit label');
  await expect(editing.getByRole('radio', { name: 'Orange' })).toBeChecked();
  await editing.getByRole('textbox', { name: 'Name' }).fill(`Trade ${code}`);
  await press(editing, 'Save');
  await expect(row(page, `Trade ${code}`)).toBeVisible();
  await page.reload();
  await expect(row(page, `Trade ${code}`)).toBeVisible();
  await expect(row(page, 'Wholesale')).toHaveCount(0);
  expect(await page.evaluate(() => 'owned' in window)).toBe(false);

  const visitor = await newVisitor();
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await admin.accept('Vera');
  const labels = page.getByRole('combobox', { name: 'Labels' });
  await labels.fill('trade');
  await labels.press('Enter');
  await expect(admin.row('Vera')).toContainText(`Trade ${code}`);
  await open(admin, 'labels', 'Labels');
  await press(page, `Delete Trade ${code}`);
  await confirm(page, `Delete Trade ${code}?`, 'Delete');
  await expect(page.getByRole('heading', { name: 'No labels yet' })).toBeVisible();
  await page.getByRole('link', { name: 'Chats' }).click();
  await admin.tab('Mine').click();
  await expect(admin.row('Vera')).toContainText(`Trade ${code}`);
});

test('the rules have bounds, are kept, and hold from then on', async ({ admin, server, watch }) => {
  const page = await open(admin, 'rules', 'Chat rules');
  const answer = page.getByRole('spinbutton', { name: 'Offer to leave a message after' });
  const size = page.getByRole('spinbutton', { name: 'Largest file' });
  const count = page.getByRole('spinbutton', { name: 'Files per message' });
  await expect(answer).toHaveValue('60');
  for (const [field, values, bounds] of [
    [answer, ['4', '3601', '', '7.5'], 'A number from 5 to 3600, please.'],
    [size, ['0', '101'], 'A number from 1 to 100, please.'],
    [count, ['0', '21'], 'A number from 1 to 20, please.'],
  ] as [Locator, string[], string][]) {
    const before = await field.inputValue();
    for (const value of values) {
      await field.fill(value);
      await press(page, 'Save');
      await expect(page.getByText(bounds)).toBeVisible();
      await expect(field).toHaveAttribute('aria-invalid', 'true');
    }
    await field.fill(before);
  }
  await answer.fill('5');
  await size.fill('1');
  await count.fill('2');
  await press(page, 'Save');
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  await page.reload();
  for (const [field, value] of [[answer, '5'], [size, '1'], [count, '2']] as [Locator, string][]) await expect(field).toHaveValue(value);

  const vera = new ApiVisitor(server);
  const { body: offer } = await call(server, 'visitor/state', {}, { token: vera.token });
  expect(offer).toMatchObject({ answer_within_ms: 5_000, max_file_bytes: 1_000_000, max_files: 2 });
  const chat = await vera.start('Hello');
  const upload = await call(server, 'visitor/upload', { chat, name: 'large.txt', size: 1_000_001 }, { token: vera.token });
  expect(upload).toMatchObject({ status: 413, body: { refusal: { reason: 'file_too_large' } } });

  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  for (const rules of [{ answer_within_s: 4 }, { answer_within_s: 3_601 }, { max_file_mb: 0 }, { max_files: 21 }, { max_files: -1 }, { max_files: 1e12 }]) {
    expect((await call(server, 'admin/rules/save', { rules }, { cookie })).status, JSON.stringify(rules)).toBe(422);
  }
});

test('a test mail goes out, and the page says that mails are only files', async ({ admin, server, watch }) => {
  const page = await open(admin, 'mail', 'Mail');
  await expect(page.getByText('Nothing is mailed.')).toBeVisible();
  const to = page.getByRole('textbox', { name: 'Email' });
  await expect(to).toHaveValue('ada@example.com');
  watch.expect(answered(422, '/api/admin/mail/test'));
  await to.fill('nobody');
  await press(page, 'Send test mail');
  await expect(page.getByText('Please enter an email address such as ada@example.com.')).toBeVisible();
  await to.fill('ada@example.com');
  await press(page, 'Send test mail');
  await expect(page.getByText('The test mail to ada@example.com was written to a file.')).toBeVisible();
  await page.getByRole('tab', { name: 'Sent' }).click();
  await expect(row(page, 'ada@example.com')).toHaveCount(1);
  await expect(row(page, 'ada@example.com')).toContainText('Sent');
  const sent = await mails(server);
  expect(sent.map(({ to }) => to?.[0].address)).toEqual(['ada@example.com']);
  expect(sent[0].subject).toContain('Test mail');
});

/** Its mail server takes connections and hangs up. */
const withBrokenMail = test.extend({
  server: async ({ server }, use) => {
    await server.kill();
    const broken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const { port } = broken.address() as { port: number };
    const args = ['serve', '--addr', `127.0.0.1:${server.port}`, '--data', server.data];
    const started = spawn(binary, args, { env: { FRONTDESK_SMTP_URL: `smtp://127.0.0.1:${port}` }, stdio: 'ignore' });
    await expect.poll(() => fetch(`${server.url}/healthz`).then(({ ok }) => ok, () => false)).toBe(true);
    await use(server);
    started.kill();
    await once(started, 'exit');
    broken.close();
  },
});

withBrokenMail('a mail that cannot be sent waits, with what is wrong', async ({ admin }) => {
  const page = await open(admin, 'mail', 'Mail');
  await press(page, 'Send test mail');
  await expect(page.getByText(/The test mail to ada@example\.com was not sent yet: .+ It is tried again\./)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Nothing is mailed.')).toHaveCount(0);
  await page.getByRole('tab', { name: 'Waiting' }).click();
  await expect(row(page, 'ada@example.com')).toHaveCount(1);
  await expect(row(page, 'ada@example.com')).toContainText('Due');
  await page.getByRole('tab', { name: 'Sent' }).click();
  await expect(page.getByRole('heading', { name: 'No mail was sent yet' })).toBeVisible();
});

/** Its mail server is one of the test. */
const withMailServer = test.extend<{ smtp: SmtpServer }>({
  smtp: async ({}, use) => {
    const smtp = await SmtpServer.start();
    await use(smtp);
    smtp.stop();
  },
  server: async ({ server, smtp }, use) => {
    await server.stop();
    await server.restart({ FRONTDESK_SMTP_URL: smtp.url });
    await use(server);
  },
});

withMailServer('a mail that was refused is listed with the reason, and goes out when it is tried again', async ({ admin, smtp }) => {
  smtp.refusal = '550 5.1.1 No such user here';
  const page = await open(admin, 'mail', 'Mail');
  const failed = row(page, 'ada@example.com');
  await press(page, 'Send test mail');
  await expect(page.getByText(/^The test mail to ada@example\.com was refused: .*No such user here/)).toBeVisible();
  await expect(failed).toHaveCount(1);
  await expect(failed).toContainText('Failed');
  await expect(failed).toContainText('refused the recipient: 550 5.1.1 No such user here');
  expect(smtp.taken).toEqual([]);

  smtp.refusal = undefined;
  await press(page, 'Retry the mail to ada@example.com');
  await expect(page.getByText('The mail is tried again now.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No mail has failed' })).toBeVisible();
  await expect.poll(() => smtp.taken.map(({ to, subject }) => [to?.[0].address, subject])).toEqual([['ada@example.com', expect.stringContaining('Test mail')]]);
  // The queue hears of it a moment after the mail server.
  await expect(async () => {
    await page.getByRole('tab', { name: 'Failed' }).click();
    await page.getByRole('tab', { name: 'Sent' }).click();
    await expect(failed).toContainText('Sent', { timeout: 1_000 });
  }).toPass();
  await expect(failed).not.toContainText('No such user here');
});
