import type { Frame } from '@playwright/test';
import { Agent } from '../support/agent';
import { ApiVisitor, call, text } from '../support/api';
import { isAccessible } from '../support/axe';
import { accountOf, expect, test as base } from '../support/test';
import type { Visitor } from '../support/visitor';
import { answered } from '../support/watch';

// Each state is shown once and looked at in both colour schemes and at all widths.
const test = base.extend({
  /** Anna is an admin here. */
  agent: async ({ server, browserOf }, use) => {
    const account = accountOf('Anna Berg');
    await server.agentAdd({ ...account, role: 'admin', departments: ['Sales'] });
    const agent = new Agent(await (await browserOf()).newPage(), account);
    await agent.logIn();
    await use(agent);
  },
});
test.describe.configure({ timeout: 180_000 });

test('the console: chats, panel and dialogs', async ({ chat: { visitor, agent }, server }) => {
  const { page } = agent;
  const tab = (name: string) => page.getByRole('tab', { name });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await agent.say('Good morning');
  await visitor.goTo('Pricing');
  await new ApiVisitor(server).start('Anybody?', { name: 'Otto' });
  await expect(agent.ring('Otto')).toBeVisible();
  await isAccessible(page, 'a chat while another one rings');
  await agent.dismiss('Otto');

  const labels = page.getByRole('combobox', { name: 'Labels' });
  for (const label of ['urgent', 'gift']) {
    await labels.fill(label);
    await labels.press('Enter');
    await expect(button(`Remove ${label}`)).toBeVisible();
  }
  await button('Remove gift').click();
  await labels.click();
  await isAccessible(page, 'details with the labels open');
  await labels.press('Escape');
  for (const name of ['Details', 'Visitor information', 'Block user']) {
    await tab(name).click();
    await isAccessible(page, name, { widths: [1440] });
    await page.setViewportSize({ width: 1024, height: 900 });
    await button('Chat details').click();
    await isAccessible(page, `${name} over the chat`, { widths: [1024], whole: true });
    await isAccessible(page, `${name} alone`, { widths: [390] });
    await button('Close details').click();
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  await button('Create ticket').click();
  await expect(page.getByRole('dialog', { name: 'Create ticket' })).toBeVisible();
  await isAccessible(page, 'the ticket dialog');
  await page.keyboard.press('Escape');
  await agent.tool('Link').click();
  await isAccessible(page, 'the link dialog');
  await page.keyboard.press('Escape');
  await agent.tool('Emoji').click();
  await isAccessible(page, 'the emoji', { widths: [1440, 390] });
  await isAccessible(page, 'the emoji beside a list', { widths: [1024], whole: true });
  await page.keyboard.press('Escape');
  await agent.endChat.click();
  await isAccessible(page, 'the question before the end', { widths: [1440, 390] });
  await isAccessible(page, 'the question before the end, over a list', { widths: [1024], whole: true });
  await page.setViewportSize({ width: 1440, height: 900 });
  await agent.endDialog.getByRole('button', { name: 'End chat' }).click();
  await agent.seesEnd();
  await visitor.face.getByRole('button', { name: 'Helpful', exact: true }).click();
  await expect(agent.log.getByText(/found this chat helpful/)).toBeVisible();
  await isAccessible(page, 'an ended chat');

  await page.goto('/console');
  for (const name of ['Waiting', 'Mine', 'Ended']) {
    await agent.tab(name as 'Waiting').click();
    await isAccessible(page, `the list ${name}`);
  }
  await page.getByRole('searchbox', { name: 'Search ended chats' }).fill('morning');
  await expect(page.getByRole('mark').first()).toBeVisible();
  await isAccessible(page, 'what was found');
});

test('the tickets, the list and a page', async ({ agent, server }) => {
  const { page } = agent;
  for (const [id, subject] of [['1', 'A lamp is broken'], ['2', 'An invoice is missing']]) {
    const message = { id: crypto.randomUUID(), name: `Vera ${id}`, email: 'vera@example.com', department: null, text: text(subject) };
    expect((await call(server, 'visitor/leave-message', message, { token: new ApiVisitor(server).token })).status).toBe(200);
  }
  await page.getByRole('link', { name: 'Tickets' }).click();
  await expect(page.getByRole('table', { name: 'Tickets' }).getByRole('link')).toHaveCount(2);
  await isAccessible(page, 'the list');
  await page.getByRole('link', { name: 'A lamp is broken' }).click();
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Pending');
  await expect(page.getByRole('list', { name: 'What happened' })).toContainText('Pending');
  await isAccessible(page, 'a ticket');
});

test('the settings, for admins and for others', async ({ chat: { agent }, newAgent, server, watch }) => {
  const { page } = agent;
  watch.expect(answered(403, '/api/visitor/'));
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const admin = async (path: string, body: object) => expect((await call(server, path, body, { cookie })).status, path).toBe(200);
  await admin('agent/labels/create', { name: 'urgent' });
  await admin('agent/command', { chat: 1, id: crypto.randomUUID(), command: { type: 'block', reason: 'Insults only', address: true } });
  await admin('admin/mail/test', { to: 'anna@example.com', id: crypto.randomUUID() });
  const ben = await newAgent('Ben Okafor');

  for (const [path, what] of [
    ['agents', 'Agents'],
    ['departments', 'Departments'],
    ['labels', 'Labels'],
    ['blocks', 'Blocks'],
    ['rules', 'Chat rules'],
    ['mail', 'Mail'],
  ]) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: what }).click();
    await expect(page).toHaveURL(new RegExp(`/${path}$`));
    await expect(page.getByRole('heading', { name: what, level: 1 })).toBeVisible();
    if (path !== 'rules' && path !== 'mail') await expect(page.getByRole('table').getByRole('row')).not.toHaveCount(0);
    if (path === 'mail') {
      await page.getByRole('tab', { name: 'Sent' }).click();
      await expect(page.getByRole('table', { name: 'Mails' })).toContainText('anna@example.com');
    }
    await isAccessible(page, what);
    const add = page.getByRole('button', { name: /^Add / });
    if (await add.count()) {
      await add.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: /^Add / }).click();
      await expect(dialog.getByText(/^Please enter a name/)).toBeVisible();
      await isAccessible(page, `${what}, adding one wrongly`, { widths: [1440, 390] });
      await page.keyboard.press('Escape');
    }
  }
  await page.goto('/console/settings/agents');
  await page.getByRole('button', { name: 'Deactivate Ben Okafor' }).click();
  await isAccessible(page, 'the question before an agent is deactivated', { widths: [1440, 390] });
  await ben.page.goto('/console/settings');
  await expect(ben.page.getByRole('heading', { name: 'Settings are for admins' })).toBeVisible();
  await isAccessible(ben.page, 'what others see of the settings');
});

test('the widget, from the first form to the last', async ({ visitor, agent, newVisitor, server, watch }) => {
  const frame = ({ page }: Visitor): Frame => page.frames().find((frame) => frame.url().includes('/widget'))!;
  const looksRight = (who: Visitor, what: string) => isAccessible(who.page, what, { widths: [1440, 390], face: frame(who) });
  const button = (name: string) => visitor.face.getByRole('button', { name, exact: true });
  const cookie = (await agent.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  expect((await call(server, 'admin/rules/save', { rules: { answer_within_s: 5 } }, { cookie })).status).toBe(200);

  await visitor.openChat();
  await expect(button('Start chat')).toBeVisible();
  await looksRight(visitor, 'before');
  watch.expect(answered(422, '/api/visitor/command'));
  await button('Start chat').click();
  await expect(visitor.face.getByText('There is nothing to send yet')).toBeVisible();
  await looksRight(visitor, 'before, filled in wrongly');
  await visitor.face.getByRole('textbox', { name: 'Name' }).fill('Vera');
  await visitor.box.fill('Hello');
  await button('Start chat').click();
  await expect(button('Leave a message')).toBeVisible();
  await looksRight(visitor, 'waiting too long');
  await button('Keep waiting').click();
  await expect(visitor.findingAgent).toBeVisible();
  await looksRight(visitor, 'waiting on');
  await agent.accept('Vera');
  await agent.say('Good morning');
  await visitor.hears('Good morning');
  await visitor.say('How do you do');
  await looksRight(visitor, 'chatting');
  await button('Emoji').click();
  await expect(visitor.face.getByRole('dialog', { name: 'Emoji' })).toBeVisible();
  await isAccessible(visitor.page, 'the emoji', { widths: [390], face: frame(visitor), whole: true });
  await button('Emoji').click();
  await visitor.endChat.click();
  await looksRight(visitor, 'the question before the end');
  await visitor.endDialog.getByRole('button', { name: 'End chat' }).click();
  await visitor.seesEnd();
  await button('Helpful').click();
  await expect(visitor.face.getByRole('textbox', { name: 'Comment' })).toBeVisible();
  await button('Send transcript').click();
  await expect(visitor.face.getByText('Please enter an email address')).toBeVisible();
  await looksRight(visitor, 'after');

  watch.expect(answered(403, '/api/visitor/'));
  const block = { chat: 1, id: crypto.randomUUID(), command: { type: 'block', reason: 'Insults only' } };
  expect((await call(server, 'agent/command', block, { cookie })).status).toBe(200);
  await visitor.page.reload();
  await expect(visitor.face.getByText('You cannot chat at the moment')).toBeVisible();
  await looksRight(visitor, 'blocked');

  await agent.available.click();
  await expect(agent.available).not.toBeChecked();
  const late = await newVisitor();
  await late.openChat();
  const leave = late.face.getByRole('button', { name: 'Leave a message' });
  await expect(leave).toBeVisible();
  await looksRight(late, 'away');
  await late.face.getByRole('textbox', { name: 'Email' }).fill('otto@example.com');
  await late.box.fill('Moin');
  await leave.click();
  await expect(late.face.getByText('Your message is with us')).toBeVisible();
  await looksRight(late, 'a message was left');
});

test('the pages before the console', async ({ server, browserOf }) => {
  const page = await (await browserOf()).newPage();
  await page.goto(await server.setupLink());
  await isAccessible(page, 'set-up', { widths: [1440, 390] });
  await server.agentAdd(accountOf('Anna Berg'));
  for (const path of ['/', '/login']) {
    await page.goto(path);
    await isAccessible(page, path, { widths: [1440, 390] });
  }
});
