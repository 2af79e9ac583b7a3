import type { Locator } from '@playwright/test';
import { Agent } from '../support/agent';
import { ApiAgent, ApiVisitor } from '../support/api';
import { LiveSocket, protocol } from '../support/live';
import type { Server } from '../support/server';
import { accountOf, expect, test } from '../support/test';
import { answered, serverIsDown } from '../support/watch';

/** An admin without a browser, by whose rules agents may be gone for the shortest time. */
async function shortAbsence(server: Server, more: object = {}): Promise<ApiAgent> {
  const account = accountOf('Ruth Rules');
  await server.agentAdd({ ...account, role: 'admin' });
  const admin = await ApiAgent.logIn(server, account);
  const rules = { answer_within_s: 60, release_after_s: 5, max_file_mb: 20, max_files: 10, ...more };
  expect((await admin.call('admin/rules/save', { rules })).status).toBe(200);
  return admin;
}

/** The same agent again, at a console that is opened now. */
async function comesBack(agent: Agent): Promise<Agent> {
  const back = new Agent(await agent.page.context().newPage(), agent.account);
  await back.connects(async () => {
    await back.page.goto('/console');
    await back.isAtConsole();
  });
  return back;
}

// The shortest absence that can be set, and what it takes to notice it, are a good part of the usual time.
test.describe.configure({ timeout: 120_000 });

const notice = (agent: Agent): Locator => agent.page.getByRole('group', { name: 'Chats that were given back' });
const lost = 'Anna Berg lost the connection. We are finding another agent.';
/** The shortest time, and what it takes to notice. */
const soon = { timeout: 25_000 };

test('an agent who vanishes loses the chat to the others, the visitor reads it, and the agent is told on return', async ({ chat: { visitor, agent: anna }, newAgent, server }) => {
  await shortAbsence(server);
  const ben = await newAgent('Ben Okafor');
  await anna.say('One moment');
  await visitor.hears('One moment');
  await expect(ben.ring()).toHaveCount(0);

  await anna.page.close();
  await expect(ben.ring('Vera')).toBeVisible(soon);
  await expect(visitor.log.getByText(lost)).toBeVisible();
  await expect(visitor.findingAgent).toBeVisible();
  await visitor.say('Hello? Anybody?');

  const back = await comesBack(anna);
  await expect(notice(back)).toContainText('Vera, still waiting');
  await ben.accept('Vera');
  await expect(visitor.log.getByText(/Ben Okafor joined/)).toBeVisible();
  await expect(visitor.findingAgent).toBeHidden();
  await ben.hears('One moment');
  await ben.hears('Hello? Anybody?');
  await expect(ben.log.getByText(/Anna Berg lost the connection: the chat waits/)).toBeVisible();
  await ben.say('I take over');
  await visitor.hears('I take over');

  await expect(notice(back)).toContainText('Vera, with Ben Okafor');
  await notice(back).getByRole('link', { name: 'Vera' }).click();
  await back.hears('I take over');
  await expect(back.log.getByText(/You lost the connection/)).toBeVisible();
  await expect(back.box).toBeHidden();
  await notice(back).getByRole('button', { name: 'Close' }).click();
  await expect(notice(back)).toHaveCount(0);
  await back.page.reload();
  await back.isAtConsole().catch(() => expect(back.available).toBeVisible());
  await expect(notice(back)).toHaveCount(0);
});

test('who comes back while the chat still waits can take it again', async ({ chat: { visitor, agent: anna }, server }) => {
  await shortAbsence(server);
  await anna.page.close();
  await expect(visitor.log.getByText(lost)).toBeVisible(soon);
  const back = await comesBack(anna);
  await expect(back.ring('Vera')).toBeVisible();
  await notice(back).getByRole('link', { name: 'Vera' }).click();
  await back.page.getByRole('region', { name: 'Chat with Vera' }).getByRole('button', { name: 'Accept' }).click();
  await back.say('Here I am again');
  await visitor.hears('Here I am again');
  await expect(visitor.findingAgent).toBeHidden();
  await expect(notice(back)).toHaveCount(0);
});

test('after a restart who comes back keeps the chat, and who does not loses it', async ({ chat: { visitor, agent: anna }, server, watch }) => {
  await shortAbsence(server);
  const account = accountOf('Paul Program');
  await server.agentAdd(account);
  const paul = await ApiAgent.logIn(server, account);
  await paul.connect();
  const ottos = await new ApiVisitor(server).start('Moin', { name: 'Otto' });
  expect((await paul.command(ottos, { type: 'accept' })).status).toBe(200);
  await expect(anna.ring()).toHaveCount(0);
  await anna.page.reload();
  await anna.say('A reload is no absence');
  await watch.expectWhile(serverIsDown, async () => {
    await server.kill();
    await expect(anna.reconnecting).toBeVisible();
    await server.restart();
    await expect(anna.reconnecting).toBeHidden({ timeout: 30_000 });
    await expect(visitor.reconnecting).toBeHidden({ timeout: 30_000 });
  });
  // From the same moment on both had the same time.
  await expect(anna.ring('Otto')).toBeVisible(soon);
  await anna.say('Still here');
  await visitor.hears('Still here');
  await expect(visitor.log.getByText(lost)).toHaveCount(0);
});

test('a connection behind which nobody is counts as none', async ({ server, agent, visitor }) => {
  await shortAbsence(server);
  await visitor.start({ name: 'Vera', message: 'Hello' });
  const account = accountOf('Nora Nobody');
  await server.agentAdd(account);
  const nobody = await ApiAgent.logIn(server, account);
  // It answers no ping, as a computer that was put to sleep.
  const socket = await nobody.connect();
  expect((await nobody.command(1, { type: 'accept' })).status).toBe(200);
  await expect(agent.ring()).toHaveCount(0);
  await expect(agent.ring('Vera')).toBeVisible({ timeout: 40_000 });
  socket.close();
});

test('who waits again is offered to leave a message after the usual time', async ({ chat: { visitor, agent }, server }) => {
  await shortAbsence(server, { answer_within_s: 5 });
  await visitor.page.reload();
  await visitor.hears('Hello');
  await agent.page.close();
  await expect(visitor.log.getByText(lost)).toBeVisible(soon);
  await expect(visitor.face.getByRole('button', { name: 'Leave a message' })).toBeVisible({ timeout: 10_000 });
  await expect(visitor.face.getByRole('status').filter({ hasText: 'Nobody is free right now' })).toBeVisible();
});

test('who logs out is asked first, and then gives the chat back at once', async ({ chat: { visitor, agent: anna }, newAgent }) => {
  const ben = await newAgent('Ben Okafor');
  const dialog = anna.page.getByRole('alertdialog', { name: 'Log out?' });
  await anna.page.getByRole('button', { name: 'Log out' }).click();
  await expect(dialog).toContainText('You have an open chat. It goes back to the queue');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await anna.say('Still here');
  await visitor.hears('Still here');

  await anna.page.getByRole('button', { name: 'Log out' }).click();
  await dialog.getByRole('button', { name: 'Log out' }).click();
  await expect(anna.page).toHaveURL(/\/login/);
  await expect(ben.ring('Vera')).toBeVisible();
  await expect(visitor.log.getByText('Anna Berg has left. We are finding another agent.')).toBeVisible();
  await ben.accept('Vera');
  await expect(ben.log.getByText(/Anna Berg logged out/)).toBeVisible();
});

test('the chats of an agent who is deactivated go on with somebody else', async ({ chat: { visitor }, newAgent, server, watch }) => {
  // Anna's console may ask how things stand before it hears that she has no business there any more.
  watch.expect(answered(401, '/api/agent/me'));
  const admin = await shortAbsence(server);
  const ben = await newAgent('Ben Okafor');
  const all = (await admin.call('admin/agents', {})).body as { id: number; name: string; email: string }[];
  const anna = all.find(({ name }) => name === 'Anna Berg')!;
  const form = { name: anna.name, email: anna.email, admin: false, departments: [], deactivated: true };
  expect((await admin.call('admin/agents/save', { id: anna.id, form })).status).toBe(200);
  await ben.accept('Vera');
  await ben.say('I take over');
  await visitor.hears('I take over');
  await expect(visitor.log.getByText(/ended/)).toHaveCount(0);
});

test('one visitor has a bounded number of connections', async ({ server, apiAgent }) => {
  expect(apiAgent.cookie).toBeTruthy();
  const visitor = new ApiVisitor(server);
  await visitor.start('Hello');
  const sockets: LiveSocket[] = [];
  const open = async () => {
    const socket = await LiveSocket.open(server);
    socket.say({ type: 'hello', protocol, token: visitor.token, cursors: [] });
    sockets.push(socket);
    return socket;
  };
  for (let n = 0; n < 20; n++) await (await open()).next('welcome');
  const oneTooMany = await open();
  expect(await oneTooMany.closed).toEqual({ code: 4008, reason: 'This is open in too many windows. Please close some.' });
  sockets[0].close();
  await sockets[0].closed;
  await (await open()).next('welcome');
  sockets.forEach((socket) => socket.close());
});
