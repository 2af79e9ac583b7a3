import type { Locator, Page } from '@playwright/test';
import { ApiAgent } from '../support/api';
import { pdf } from '../support/files';
import { holdCode } from '../support/hold';
import { expect, test } from '../support/host';
import { mails } from '../support/mail';
import { accountOf } from '../support/test';
import { Visitor } from '../support/visitor';
import { answered, noNetwork } from '../support/watch';

// What a visitor has typed is not lost, and nobody else finds it.

const field = (visitor: Visitor, name: string): Locator => visitor.face.getByRole('textbox', { name });
const department = (visitor: Visitor): Locator => visitor.face.getByRole('combobox', { name: 'Department' });
const startChat = (visitor: Visitor): Locator => visitor.face.getByRole('button', { name: 'Start chat' });
const leaveMessage = (visitor: Visitor): Locator => visitor.face.getByRole('button', { name: 'Leave a message' });
const sendsLater = (visitor: Visitor): Locator =>
  visitor.face.getByRole('status').filter({ hasText: 'Sends when the connection is back…' });

const typed = { Name: 'Vera', Email: 'vera@example.com', Message: 'Do you ship to Ireland?' };

async function fill(visitor: Visitor, fields: Partial<typeof typed>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await field(visitor, name).fill(value);
}

async function holds(visitor: Visitor, fields: Partial<typeof typed>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await expect(field(visitor, name)).toHaveValue(value);
}

/** The names of what the chat keeps in the browser. */
async function kept(visitor: Visitor): Promise<string[]> {
  const keys = await visitor.face.locator('body').evaluate(() => Object.keys(localStorage));
  return keys.filter((key) => key.startsWith('frontdesk.'));
}

/** Calls of this name come to nothing, until what this returns is called. */
async function breakCalls(page: Page, name: string): Promise<() => Promise<void>> {
  const calls = `**/api/visitor/${name}`;
  await page.route(calls, (route) => route.abort('connectionreset'));
  return () => page.unroute(calls);
}
const callBroke = /^console error: Failed to load resource: net::ERR_CONNECTION_RESET .*\/api\/visitor\//;

/** Starts a chat that does not come through, until what this returns is called. */
async function startWithoutAnswer(visitor: Visitor): Promise<() => Promise<void>> {
  await visitor.openChat();
  await fill(visitor, typed);
  const mend = await breakCalls(visitor.page, 'command');
  await startChat(visitor).click();
  await expect(sendsLater(visitor)).toBeVisible();
  return mend;
}

test('the whole form is as it was after a reload, and empty once it has arrived', async ({ server, visitor }) => {
  const sam = accountOf('Sam Sales');
  await server.agentAdd({ ...sam, departments: ['Sales', 'Support'] });
  const agent = await ApiAgent.logIn(server, sam);
  const socket = await agent.connect();
  await visitor.openChat();
  await fill(visitor, typed);
  await department(visitor).selectOption('Support');
  await visitor.page.reload();
  await holds(visitor, typed);
  await expect(department(visitor).locator('option:checked')).toHaveText('Support');

  await startChat(visitor).click();
  await expect(visitor.findingAgent).toBeVisible();
  expect((await agent.call('agent/me', {})).body.live).toMatchObject([{ visitor: 'Vera', department: { name: 'Support' } }]);
  await visitor.end();
  await visitor.startNewChat.click();
  await holds(visitor, { Message: '' });
  socket.close();
});

test('what is typed before the widget\'s code has come is kept by it, also while the focus stays', async ({ visitor, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  const come = await holdCode(visitor.page.context());
  await visitor.openChat({ live: false });
  await visitor.box.fill('Quicker than');
  const known = visitor.page.waitForResponse(/visitor\/state/);
  come();
  await known;
  // Still the field that the server drew.
  await expect(visitor.face.locator('main input[name="token"]')).toHaveCount(1);
  await visitor.box.press('End');
  await visitor.box.pressSequentially(' the code');
  await visitor.page.reload();
  await holds(visitor, { Message: 'Quicker than the code' });
});

test('whoever comes after the visitor finds nothing of what they typed', async ({ visitor, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  await visitor.openChat();
  await fill(visitor, typed);
  expect(await kept(visitor)).toEqual([expect.stringMatching(/^frontdesk\.draft\./)]);
  await visitor.page.evaluate(() => (window as any).frontdesk('shutdown'));
  // The shop and its chat are of one origin here.
  const left = () => visitor.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('frontdesk')));
  await expect.poll(left).toEqual([]);
  await visitor.page.reload();
  await visitor.openChat();
  await expect(startChat(visitor)).toBeVisible();
  await holds(visitor, { Name: '', Email: '', Message: '' });
});

test('without consent nothing that is typed is stored, and with it nothing is lost', async ({ host, apiAgent, browserOf }) => {
  expect(apiAgent).toBeTruthy();
  host.page = { attributes: 'data-consent="required"' };
  const visitor = new Visitor(await (await browserOf({ baseURL: host.otherUrl })).newPage());
  await visitor.visit('/');
  await visitor.openChat();
  await fill(visitor, typed);
  expect(await kept(visitor)).toEqual([]);
  const consent = () => visitor.page.evaluate(() => (window as any).frontdesk('consent', true));
  await consent();
  await expect.poll(() => kept(visitor)).toEqual([expect.stringMatching(/^frontdesk\.draft\./)]);
  await visitor.page.reload();
  await consent();
  await visitor.openChat();
  await holds(visitor, typed);
});

test('a first message that does not come through is sent when it can be, once', async ({ agent, visitor, watch }) => {
  watch.expect(callBroke);
  const mend = await startWithoutAnswer(visitor);
  await holds(visitor, typed);
  await mend();
  await expect(visitor.findingAgent).toBeVisible();
  await agent.accept('Vera');
  await agent.hears('Do you ship to Ireland?');
  await expect(agent.log.getByRole('article')).toHaveCount(1);
});

test('a first message that waits for the connection waits no longer when it is changed', async ({ agent, visitor, watch }) => {
  watch.expect(callBroke);
  const mend = await startWithoutAnswer(visitor);
  await fill(visitor, { Message: 'Do you ship to Wales?' });
  await expect(sendsLater(visitor)).toHaveCount(0);
  await mend();
  await startChat(visitor).click();
  await expect(visitor.findingAgent).toBeVisible();
  await agent.accept('Vera');
  await agent.hears('Do you ship to Wales?');
  await expect(agent.log.getByRole('article')).toHaveCount(1);
});

test('a first message whose answer was lost is there once after a reload, and not in the next form', async ({ agent, visitor, watch }) => {
  watch.expect(callBroke);
  let calls = 0;
  await visitor.page.route('**/api/visitor/command', async (route) => {
    if (calls++ === 0) await route.fetch();
    await route.abort('connectionreset');
  });
  await visitor.openChat();
  await fill(visitor, typed);
  await startChat(visitor).click();
  await expect(sendsLater(visitor)).toBeVisible();
  await visitor.page.unroute('**/api/visitor/command');
  await visitor.page.reload();
  await agent.accept('Vera');
  await visitor.hears('Do you ship to Ireland?');
  await agent.hears('Do you ship to Ireland?');
  await expect(agent.log.getByRole('article')).toHaveCount(1);
  await visitor.end();
  await visitor.startNewChat.click();
  await holds(visitor, { Message: '' });
});

test('a message that could not be left goes after a reload, once', async ({ server, visitor, watch }) => {
  watch.expect(callBroke);
  await visitor.openChat();
  await expect(leaveMessage(visitor)).toBeVisible();
  await fill(visitor, typed);
  const mend = await breakCalls(visitor.page, 'leave-message');
  await leaveMessage(visitor).click();
  await expect(sendsLater(visitor)).toBeVisible();
  await visitor.page.reload();
  await holds(visitor, typed);
  await expect(sendsLater(visitor)).toBeVisible();
  await mend();
  await expect(visitor.face.getByRole('status').filter({ hasText: 'Your message is with us' })).toContainText('vera@example.com');
  await expect.poll(async () => (await mails(server)).map(({ to }) => to?.[0].address)).toEqual(['vera@example.com']);
  expect(await kept(visitor)).toEqual([]);
});

test('what was written into a chat that ended meanwhile is at hand for the next one', async ({ chat: { visitor, agent } }) => {
  await visitor.box.fill('One more thing');
  await visitor.attach(pdf('prices.pdf'));
  await visitor.hasStored('prices.pdf');
  await agent.end();
  await visitor.seesEnd();
  await visitor.startNewChat.click();
  // Files are of the chat that is over.
  await holds(visitor, { Message: 'One more thing\n📎 prices.pdf' });
});

const notSent = (visitor: Visitor): Locator => visitor.face.getByRole('status').filter({ hasText: 'What you wrote was not sent.' });
const chatHadEnded = answered(409, '/api/visitor/command');

test('what waited and what was typed in a tab that was closed without a network is in the form when the chat is over, once', async ({ chat: { visitor, agent }, watch }) => {
  watch.expect(chatHadEnded);
  const context = visitor.page.context();
  await watch.expectWhile(noNetwork, async () => {
    await context.setOffline(true);
    await expect(visitor.offline).toBeVisible();
    await visitor.say('It did not leave');
    await visitor.sees('Sending', 'It did not leave');
    await visitor.box.fill('Half a sent');
    await visitor.page.close();
    await agent.end();
    await context.setOffline(false);
  });
  const back = new Visitor(await context.newPage());
  await back.visit();
  await back.openChat();
  await holds(back, { Message: 'It did not leave\nHalf a sent' });
  await expect(notSent(back)).toBeVisible();
  expect(await kept(back)).toEqual([expect.stringMatching(/^frontdesk\.draft\.v\w+\.start$/)]);
  await back.page.reload();
  await holds(back, { Message: 'It did not leave\nHalf a sent' });

  await startChat(back).click();
  await agent.accept();
  await agent.hears('It did not leave');
  await expect(back.box).toHaveValue('');
  await expect.poll(async () => (await kept(back)).filter((key) => /draft|outbox/.test(key))).toEqual([]);
});

test('what did not leave before the chat ended is in the form for the next one', async ({ chat: { visitor, agent }, watch }) => {
  watch.expect(chatHadEnded);
  await watch.expectWhile(noNetwork, async () => {
    await visitor.page.context().setOffline(true);
    await expect(visitor.offline).toBeVisible();
    await visitor.say('It did not leave');
    await visitor.box.fill('Half a sent');
    await agent.end();
    await visitor.page.context().setOffline(false);
    await visitor.seesEnd();
  });
  await visitor.startNewChat.click();
  await holds(visitor, { Message: 'It did not leave\nHalf a sent' });
  await expect(notSent(visitor)).toBeVisible();
});

test('a comment and an address that were not sent are there after a reload, with the chat that has ended', async ({ chat: { visitor, agent } }) => {
  const comment = visitor.face.getByRole('textbox', { name: 'Comment' });
  await agent.end();
  await visitor.face.getByRole('button', { name: 'Helpful', exact: true }).click();
  await comment.fill('Quick and kind');
  await field(visitor, 'Email').fill('boss@');
  await visitor.page.reload();
  await expect(comment).toHaveValue('Quick and kind');
  await holds(visitor, { Email: 'boss@' });
  await visitor.face.getByRole('button', { name: 'Send comment' }).click();
  await expect(agent.log.getByText('Quick and kind', { exact: true })).toBeVisible();
  await visitor.startNewChat.click();
  await expect(startChat(visitor)).toBeVisible();
  expect(await kept(visitor)).toEqual([]);
});

test('what is typed into the form while another tab starts the chat is in its box', async ({ visitor, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  const other = new Visitor(await visitor.page.context().newPage());
  await other.visit();
  await other.openChat();
  const come = await holdCode(visitor.page.context());
  await visitor.page.bringToFront();
  await visitor.openChat({ live: false });
  await visitor.box.fill('Typed meanwhile');
  await fill(other, { Message: 'Hello' });
  await startChat(other).click();
  await expect(other.findingAgent).toBeVisible();
  // The chat has come, and waits until nobody types in the form any more.
  const current = new Promise<void>((resolve) => {
    visitor.page.once('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => String(payload).includes('"current"') && resolve());
    });
  });
  come();
  await current;
  await visitor.box.press('End');
  await visitor.box.pressSequentially('!');
  await visitor.clickBesideChat();
  await visitor.hears('Hello');
  await visitor.holds('Typed meanwhile!');
});

test('what is typed before the widget\'s code has come outlives a reload', async ({ visitor, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  const come = await holdCode(visitor.page.context());
  await visitor.openChat({ live: false });
  await fill(visitor, typed);
  await visitor.page.reload();
  await holds(visitor, typed);
  come();
  await expect(visitor.face.locator('main input[name="token"]')).toHaveCount(0);
  await holds(visitor, typed);
});
