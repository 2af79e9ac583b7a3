import type { Locator } from '@playwright/test';
import type { Agent } from '../support/agent';
import { ApiAgent, ApiVisitor, call } from '../support/api';
import { holdCommands } from '../support/hold';
import { accountOf, expect, test } from '../support/test';
import { answered } from '../support/watch';

const department = (agent: Agent): Locator => agent.page.getByRole('combobox', { name: 'Department' });
const labels = (agent: Agent): Locator => agent.page.getByRole('combobox', { name: 'Labels' });
const offered = (agent: Agent): Locator => agent.page.getByRole('listbox', { name: 'Labels' }).getByRole('option');
const removes = (agent: Agent, label: string): Locator => agent.page.getByRole('button', { name: `Remove ${label}`, exact: true });
/** A line of the conversation that is no message. */
const line = (side: Agent, text: string | RegExp): Locator => side.log.getByRole('paragraph').filter({ hasText: text });

test('the department that the visitor chose is in the details, and a change of it reaches everybody at once', async ({ newAgent, newVisitor, server }) => {
  await server.agentAdd({ ...accountOf('Dora Hoff'), departments: ['Sales', 'Billing'] });
  const [anna, ben] = [await newAgent('Anna Berg'), await newAgent('Ben Okafor')];
  const visitor = await newVisitor();
  await visitor.openChat();
  await visitor.face.getByRole('combobox', { name: 'Department' }).selectOption('Billing');
  await visitor.box.fill('Hello');
  await visitor.face.getByRole('button', { name: 'Start chat' }).click();
  await anna.accept();
  await ben.tab('All open').click();
  await ben.row('Visitor').click();
  for (const agent of [anna, ben]) await expect(department(agent).getByRole('option', { selected: true })).toHaveText('Billing');

  await department(anna).selectOption('Sales');
  await expect(line(ben, 'Anna Berg moved the chat to Sales')).toBeVisible();
  await expect(line(anna, 'You moved the chat to Sales')).toBeVisible();
  await expect(department(ben).getByRole('option', { selected: true })).toHaveText('Sales');
  await expect(ben.row('Visitor')).toContainText('Sales');
  await expect(visitor.log).toContainText('You are now with Sales');

  await anna.page.reload();
  await expect(department(anna).getByRole('option', { selected: true })).toHaveText('Sales');
  await department(anna).selectOption('None');
  await expect(line(ben, 'Anna Berg moved the chat to no department')).toBeVisible();
  await expect(department(ben).getByRole('option', { selected: true })).toHaveText('None');
});

test('labels are made, given and taken away, live for every agent and never seen by the visitor', async ({ chat: { visitor, agent: anna }, newAgent, newVisitor }) => {
  const ben = await newAgent('Ben Okafor');
  await ben.tab('All open').click();
  await ben.openChat('Vera');
  await expect(anna.page.getByText(/^#\d+$/)).toHaveText('#1');

  await labels(anna).fill('Wholesale');
  await expect(offered(anna)).toHaveText(['Create “Wholesale”']);
  await offered(anna).click();
  await expect(removes(anna, 'Wholesale')).toBeVisible();
  await labels(anna).fill('urgent');
  await labels(anna).press('Enter');
  for (const label of ['Wholesale', 'urgent']) {
    for (const agent of [anna, ben]) await expect(removes(agent, label)).toBeVisible();
    await expect(line(ben, new RegExp(`Anna Berg added\\s+${label}`))).toBeVisible();
    await expect(ben.row('Vera')).toContainText(label);
  }

  await removes(ben, 'Wholesale').click();
  await expect(line(anna, /Ben Okafor removed\s+Wholesale/)).toBeVisible();
  await expect(removes(anna, 'Wholesale')).toBeHidden();
  await expect(anna.row('Vera')).not.toContainText('Wholesale');

  // The end does not take them away, and they can still be changed.
  await anna.end();
  await anna.seesEnd();
  await anna.page.reload();
  await expect(removes(anna, 'urgent')).toBeVisible();
  await labels(anna).fill('whole');
  await expect(offered(anna)).toContainText(['Wholesale']);
  await offered(anna).filter({ hasText: /^Wholesale$/ }).click();
  await expect(removes(ben, 'Wholesale')).toBeVisible();
  await visitor.seesEnd();
  for (const label of ['Wholesale', 'urgent']) await expect(visitor.log).not.toContainText(label);

  // Another chat is offered both.
  const otto = await newVisitor();
  await otto.start({ name: 'Otto', message: 'Moin' });
  await ben.accept('Otto');
  await labels(ben).click();
  await expect(offered(ben)).toHaveText(['urgent', 'Wholesale']);
});

test('labels that are chosen one after the other are all kept, also when the first call is the slowest', async ({ chat: { agent } }) => {
  const held = await holdCommands([agent.page], '"set_labels"');
  await labels(agent).fill('first');
  await labels(agent).press('Enter');
  await expect.poll(held.count).toBe(1);
  await labels(agent).fill('second');
  await labels(agent).press('Enter');
  await expect(removes(agent, 'second')).toBeVisible();
  // It waits for the first, and cannot overtake it.
  expect(held.count()).toBe(1);
  held.release();
  await expect(line(agent, /You added\s+second/)).toBeVisible();
  await expect(agent.row('Vera')).toContainText('first');
  await expect(agent.row('Vera')).toContainText('second');
});

test('a label that an admin has deleted stays until it is taken away, and stops no other', async ({ chat: { agent }, server }) => {
  const account = { ...accountOf('Ada Boss'), role: 'admin' } as const;
  await server.agentAdd(account);
  const admin = await ApiAgent.logIn(server, account);
  await labels(agent).fill('wholesale');
  await labels(agent).press('Enter');
  await expect(line(agent, /You added\s+wholesale/)).toBeVisible();
  const { body: [wholesale] } = await admin.call('agent/labels', {});
  expect((await admin.call('admin/labels/remove', { id: wholesale.id })).status).toBe(200);

  await labels(agent).fill('urgent');
  await labels(agent).press('Enter');
  await expect(line(agent, /You added\s+urgent/)).toBeVisible();
  await expect(line(agent, /You removed/)).toHaveCount(0);
  for (const label of ['wholesale', 'urgent']) await expect(agent.row('Vera')).toContainText(label);
  await removes(agent, 'urgent').click();
  await expect(line(agent, /You removed\s+urgent/)).toBeVisible();
  await expect(agent.row('Vera')).toContainText('wholesale');

  await agent.page.reload();
  await removes(agent, 'wholesale').click();
  await expect(line(agent, /You removed\s+wholesale/)).toBeVisible();
  await expect(agent.row('Vera')).not.toContainText('wholesale');
  await labels(agent).click();
  await expect(offered(agent)).toHaveText(['urgent']);
});

test('a label whose name is code or too long does no harm', async ({ chat: { agent }, watch }) => {
  const code = '<img src=x onerror=owned=1>';
  await labels(agent).fill(code);
  await labels(agent).press('Enter');
  await expect(removes(agent, code)).toBeVisible();
  await expect(line(agent, `You added ${code}`)).toBeVisible();
  await agent.page.reload();
  await expect(agent.row('Vera')).toContainText(code);
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);

  watch.expect(answered(422, '/api/agent/'));
  const long = 'x'.repeat(41);
  await labels(agent).fill(long);
  await labels(agent).press('Enter');
  await expect(agent.page.getByText('Please enter a name of at most 40 characters.')).toBeVisible();
  await expect(labels(agent)).toHaveValue(long);
  await expect(removes(agent, long)).toHaveCount(0);
});

test('the messages that agents sent are listed, each leads to its place', async ({ chat: { visitor, agent } }) => {
  const sent = agent.page.getByRole('list', { name: 'Messages sent by agents' }).getByRole('listitem');
  await expect(sent).toHaveCount(0);
  await agent.say('The very first answer');
  await agent.say(`A long one\n${'and so on\n'.repeat(60)}end of it`);
  await visitor.hears('end of it');
  await visitor.say('From the visitor');
  await agent.hears('From the visitor');

  await expect(sent).toHaveCount(2);
  await expect(sent.filter({ hasText: 'From the visitor' })).toHaveCount(0);
  await expect(agent.message('The very first answer')).not.toBeInViewport();
  const first = sent.filter({ hasText: 'The very first answer' });
  await expect(first).toContainText(/\d{1,2}:\d{2}/);
  await expect(first.getByRole('img')).toHaveAccessibleName('Read');
  await first.getByRole('link').click();
  await expect(agent.message('The very first answer')).toBeInViewport({ ratio: 0.9 });
  await expect(agent.page).toHaveURL(/\/console\/chats\/1\b/);
  await agent.say('Still here');
  await visitor.hears('Still here');
});

test('only agents change the details, and only to what there is', async ({ server, apiAgent }) => {
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello');
  const body = (command: object) => ({ chat, id: crypto.randomUUID(), command });
  const { body: label } = await apiAgent.call('agent/labels/create', { name: 'urgent' });
  for (const command of [{ type: 'set_labels', labels: [label.id] }, { type: 'set_department', department: null }]) {
    expect((await call(server, 'visitor/command', body(command), { token: vera.token })).status).toBe(404);
    expect((await call(server, 'agent/command', body(command))).status).toBe(401);
  }
  for (const [command, reason] of [
    [{ type: 'set_labels', labels: [4711] }, 'unknown_label'],
    [{ type: 'set_labels', labels: Array.from({ length: 21 }, () => label.id) }, 'too_many_labels'],
    [{ type: 'set_department', department: 4711 }, 'unknown_department'],
  ] as const) {
    expect(await apiAgent.call('agent/command', body(command))).toMatchObject({ status: 422, body: { refusal: { reason } } });
  }
  for (const name of ['', ' \n', 'x'.repeat(41)]) {
    const answer = await apiAgent.call('agent/labels/create', { name });
    expect(answer).toEqual({ status: 422, body: { error: 'refused', refusal: { reason: 'invalid_name', max: 40 } } });
  }
});
