import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { Agent } from '../support/agent';
import { type Answer, ApiVisitor, call, text } from '../support/api';
import { LiveSocket } from '../support/live';
import type { Server } from '../support/server';
import { accountOf, expect, test as base } from '../support/test';
import type { Visitor } from '../support/visitor';
import { answered } from '../support/watch';

const binary = path.resolve(import.meta.dirname, '..', process.env.FRONTDESK_BIN || '../target/release/frontdesk');

/** Anna is an admin here: she also sees the list of blocks. */
const test = base.extend({
  agent: async ({ server, browserOf }, use) => {
    const account = accountOf('Anna Berg');
    await server.agentAdd({ ...account, role: 'admin' });
    const agent = new Agent(await (await browserOf()).newPage(), account);
    await agent.logIn();
    await use(agent);
  },
});

const blocked = (visitor: Visitor): Locator => visitor.face.getByRole('status').filter({ hasText: 'You cannot chat at the moment' });
const form = (visitor: Visitor): Locator => visitor.face.getByRole('button', { name: /^(Start chat|Leave a message|Start a new chat)$/ });
const reason = (agent: Agent): Locator => agent.page.getByRole('textbox', { name: 'Reason' });
const blockUser = (agent: Agent): Locator => agent.page.getByRole('button', { name: 'Block user' });
const blocks = (page: Page, which: 'Current' | 'Earlier'): Locator => page.getByRole('table', { name: `${which} blocks` }).getByRole('row');

async function block(agent: Agent, why: string, { address = false } = {}): Promise<void> {
  await agent.page.getByRole('tab', { name: 'Block user' }).click();
  await reason(agent).fill(why);
  if (address) await agent.page.getByRole('checkbox', { name: 'Block IP address' }).check();
  await blockUser(agent).click();
  await expect(agent.page.getByText(/This visitor is blocked until/)).toBeVisible();
}

/** The token by which the shop's page knows its visitor. */
async function tokenOf(visitor: Visitor): Promise<string> {
  return visitor.page.evaluate(() => JSON.parse(localStorage.getItem('frontdesk') ?? '{}').token);
}

/** What is there in time; nothing when it comes too late. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => setTimeout(resolve, ms))]);
}

/** Follows a chat, as the visitor's widget does. */
async function follow(server: Server, chat: number, token: string, headers: Record<string, string> = {}): Promise<LiveSocket> {
  const socket = await LiveSocket.open(server, headers);
  socket.say({ type: 'hello', protocol: 2, token, cursors: [{ chat, after: 0 }] });
  return socket;
}

test('a block ends the chat and keeps the visitor out for a day, in every way there is', async ({ chat: { visitor, agent }, server, watch }) => {
  const token = await tokenOf(visitor);
  const own = (path: string, body: object) => call(server, path, body, { token });
  const socket = await follow(server, 1, token);
  await socket.next('current');
  const { body: upload } = await own('visitor/upload', { chat: 1, name: 'a.txt', size: 5 });

  await agent.page.getByRole('tab', { name: 'Block user' }).click();
  await expect(agent.page.getByText('An IP block is imprecise')).toBeVisible();
  watch.expect(answered(422, '/api/agent/command'));
  await blockUser(agent).click();
  await expect(agent.page.getByText('Please say why, with at most 500 characters.')).toBeVisible();
  await expect(reason(agent)).toBeFocused();
  await expect(visitor.box).toBeVisible();

  watch.expect(answered(403, '/api/visitor/'));
  await block(agent, 'Insults only');
  await expect(blocked(visitor)).toContainText(/until tomorrow, \d{1,2}:\d\d\s[AP]M \(in 24 hours\)/);
  await expect(form(visitor)).toHaveCount(0);
  await expect(visitor.log).toHaveCount(0);
  await agent.seesEnd();
  await expect(agent.log).toContainText('You blocked this visitor until');
  await expect(agent.log.getByText('Insults only', { exact: true })).toBeVisible();

  const refused: Answer = { status: 403, body: expect.objectContaining({ refusal: expect.objectContaining({ reason: 'blocked' }) }) };
  const id = crypto.randomUUID();
  expect(await own('visitor/command', { chat: null, id, command: { type: 'start', text: text('Me again') } })).toEqual(refused);
  expect(await own('visitor/command', { chat: 1, id, command: { type: 'rate', helpful: false } })).toEqual(refused);
  expect(await own('visitor/leave-message', { id, name: '', email: 'v@example.com', department: null, text: text('Hello') })).toEqual(refused);
  expect(await own('visitor/upload', { chat: 1, name: 'b.txt', size: 5 })).toEqual(refused);
  const bytes = { method: 'PUT', body: 'hello', headers: { authorization: `Bearer ${token}` } };
  expect((await fetch(`${server.url}/files/${upload}`, bytes)).status).toBe(403);
  expect(await within(5_000, socket.closed)).toEqual({ code: 4103, reason: 'You cannot chat at the moment.' });
  expect(await (await follow(server, 1, token)).closed).toMatchObject({ code: 4103 });

  await visitor.page.reload();
  await expect(blocked(visitor)).toBeVisible();
  await expect(form(visitor)).toHaveCount(0);
});

test('a block is listed with who and why, and can be lifted; the chat keeps both', async ({ chat: { visitor, agent }, newVisitor, watch }) => {
  watch.expect(answered(403, '/api/visitor/'));
  const words = 'Sells <img src=x onerror=owned=1>';
  await block(agent, words);
  await expect(blocked(visitor)).toBeVisible();
  const bystander = await newVisitor();
  await bystander.openChat();
  await expect(form(bystander)).toBeVisible();

  await agent.page.goto('/console/settings/blocks');
  const row = blocks(agent.page, 'Current').filter({ hasText: 'Vera' });
  for (const told of [words, 'Anna Berg', 'Today', 'Tomorrow']) await expect(row).toContainText(told);
  await row.getByRole('button', { name: 'Lift the block of Vera' }).click();
  await expect(agent.page.getByRole('heading', { name: 'Nobody is blocked' })).toBeVisible();
  await expect(blocks(agent.page, 'Earlier').filter({ hasText: 'Vera' })).toContainText('Lifted by Anna Berg');
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);

  await visitor.page.reload();
  await visitor.box.fill('Sorry');
  await form(visitor).click();
  await agent.accept('Sorry');
  await visitor.hears('Sorry');
  await agent.page.getByRole('tab', { name: 'Visitor information' }).click();
  await agent.page.getByRole('list', { name: 'Earlier chats' }).getByRole('link').click();
  await agent.hears('Hello');
  await expect(agent.log.getByText(words, { exact: true })).toBeVisible();
  await expect(agent.log).toContainText('You lifted the block');
});

test('only the agent who answers may block, and only admins see and lift blocks', async ({ chat: { agent }, newAgent, server, watch }) => {
  const ben = await newAgent('Ben Okafor');
  await ben.tab('All open').click();
  await ben.openChat('Vera');
  await ben.page.getByRole('tab', { name: 'Block user' }).click();
  await expect(ben.page.getByText('Anna Berg answers this chat, and can block the visitor.')).toBeVisible();
  await expect(blockUser(ben)).toHaveCount(0);

  const cookie = (await ben.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const command = { type: 'block', reason: 'I can, too' };
  const asBen = (path: string, body: object) => call(server, path, body, { cookie });
  expect(await asBen('agent/command', { chat: 1, id: crypto.randomUUID(), command })).toMatchObject({ status: 403, body: { refusal: { reason: 'not_your_chat' } } });
  const long = { type: 'block', reason: 'x'.repeat(501) };
  const annas = (await agent.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  expect(await call(server, 'agent/command', { chat: 1, id: crypto.randomUUID(), command: long }, { cookie: annas })).toMatchObject({
    status: 422,
    body: { refusal: { reason: 'invalid_reason', max: 500 } },
  });

  watch.expect(answered(403, '/api/visitor/'));
  await block(agent, 'Insults only');
  expect((await asBen('admin/blocks', { before: null })).status).toBe(403);
  expect((await asBen('admin/blocks/lift', { block: 1, id: crypto.randomUUID() })).status).toBe(403);
  await expect(ben.log).toContainText('Anna Berg blocked this visitor until');
});

/** Behind a proxy on this machine: what it says of its callers is believed. */
const behindProxy = test.extend({
  server: async ({ server }, use) => {
    await server.kill();
    const args = ['serve', '--addr', `127.0.0.1:${server.port}`, '--data', server.data];
    const started = spawn(binary, args, { env: { FRONTDESK_TRUSTED_PROXIES: '127.0.0.1' }, stdio: 'ignore' });
    await expect.poll(() => fetch(`${server.url}/healthz`).then(({ ok }) => ok, () => false)).toBe(true);
    await use(server);
    started.kill();
    await once(started, 'exit');
  },
});

/** A visitor who chats from an address, as the proxy tells it. */
async function chatFrom(server: Server, address: string, name: string): Promise<ApiVisitor> {
  const visitor = new ApiVisitor(server);
  const command = { type: 'start', name, text: text('Hello') };
  const caller = { token: visitor.token, headers: { 'x-forwarded-for': address } };
  expect((await call(server, 'visitor/command', { chat: null, id: crypto.randomUUID(), command }, caller)).status).toBe(200);
  return visitor;
}

for (const [kind, address, shown, neighbour, elsewhere] of [
  ['an IPv4 address', '203.0.113.7', '203.0.113.7', '198.51.100.1, 203.0.113.7', '203.0.113.8'],
  ['an IPv6 address with its /64', '2001:db8:1:2::7', '2001:db8:1:2::/64', '2001:db8:1:2:ffff::9', '2001:db8:1:3::7'],
]) {
  behindProxy(`a block of ${kind} keeps out whoever comes from there, and nobody else`, async ({ agent, newVisitor, server }) => {
    const olga = await chatFrom(server, neighbour, 'Olga');
    const socket = await follow(server, 1, olga.token, { 'x-forwarded-for': neighbour });
    await socket.next('current');
    await chatFrom(server, address, 'Vera');
    await agent.dismiss('Olga');
    await agent.accept('Vera');
    await agent.page.getByRole('tab', { name: 'Block user' }).click();
    await expect(agent.page.getByRole('checkbox', { name: 'Block IP address' })).toHaveAccessibleDescription("Also stops every chat attempt from the visitor's last address.");
    await block(agent, 'Insults only', { address: true });
    await expect(agent.log).toContainText(`and the address ${shown}`);

    expect(await within(5_000, socket.closed)).toMatchObject({ code: 4103 });
    const another = await newVisitor({ extraHTTPHeaders: { 'x-forwarded-for': neighbour } });
    await another.openChat();
    await expect(blocked(another)).toBeVisible();
    await expect(form(another)).toHaveCount(0);
    const start = { chat: null, id: crypto.randomUUID(), command: { type: 'start', text: text('Hello') } };
    const at = (forwarded: string) => ({ token: new ApiVisitor(server).token, headers: { 'x-forwarded-for': forwarded } });
    expect(await call(server, 'visitor/command', start, at(neighbour))).toMatchObject({ status: 403, body: { refusal: { reason: 'blocked' } } });
    // Whoever forges an entry before the proxy's own gets nowhere.
    expect((await call(server, 'visitor/command', start, at(`${elsewhere}, ${address}`))).status).toBe(403);

    await chatFrom(server, elsewhere, 'Otto');
    await agent.dismiss('Otto');
    await agent.page.goto('/console/settings/blocks');
    await expect(blocks(agent.page, 'Current').filter({ hasText: 'Vera' })).toContainText(shown);
    await agent.page.getByRole('button', { name: 'Lift the block of Vera' }).click();
    await expect(agent.page.getByRole('heading', { name: 'Nobody is blocked' })).toBeVisible();
    expect((await call(server, 'visitor/command', start, at(neighbour))).status).toBe(200);
  });
}

test('without a proxy that is believed nobody makes up an address', async ({ agent, server }) => {
  await chatFrom(server, '203.0.113.7', 'Vera');
  await agent.accept('Vera');
  await agent.page.getByRole('tab', { name: 'Visitor information' }).click();
  await expect(agent.page.getByRole('definition').filter({ hasText: /^127\.0\.0\.1$/ })).toBeVisible();
  await expect(agent.page.getByText('203.0.113.7')).toHaveCount(0);
  await block(agent, 'Insults only', { address: true });
  await expect(agent.log).toContainText('and the address 127.0.0.1');
  const start = { chat: null, id: crypto.randomUUID(), command: { type: 'start', text: text('Hello') } };
  for (const forwarded of ['203.0.113.7', '203.0.113.8', '2001:db8::1']) {
    const caller = { token: new ApiVisitor(server).token, headers: { 'x-forwarded-for': forwarded } };
    expect(await call(server, 'visitor/command', start, caller)).toMatchObject({ status: 403, body: { refusal: { reason: 'blocked' } } });
  }
});
