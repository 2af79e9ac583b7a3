import type { Locator, Page } from '@playwright/test';
import { ApiAgent } from '../support/api';
import { holdCode } from '../support/hold';
import { expect, test } from '../support/host';
import { mails } from '../support/mail';
import { accountOf } from '../support/test';
import { Visitor } from '../support/visitor';

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
  await agent.end();
  await visitor.seesEnd();
  await visitor.startNewChat.click();
  await holds(visitor, { Message: 'One more thing' });
});
