import { ApiVisitor, call, type Command, text } from '../support/api';
import { LiveSocket, protocol } from '../support/live';
import { expect, test } from '../support/test';

const hello = (token?: string, ...cursors: { chat: number; after: number }[]) => ({ type: 'hello', protocol, token, cursors });

test('without a token there is nothing for a visitor, without a session nothing for an agent', async ({ server }) => {
  const start: Command = { type: 'start', text: text('Hello') };
  for (const token of [undefined, 'no-token', 'A'.repeat(44)]) {
    const answer = await call(server, 'visitor/command', { chat: null, id: crypto.randomUUID(), command: start }, { token });
    expect(answer.status).toBe(401);
    expect((await call(server, 'visitor/state', {}, { token })).status).toBe(401);
  }
  const accept = { chat: 1, id: crypto.randomUUID(), command: { type: 'accept' } };
  for (const cookie of ['', `frontdesk_session=${'A'.repeat(43)}`]) {
    for (const [path, body] of [
      ['agent/me', {}],
      ['agent/chats', { tab: 'waiting', after: null }],
      ['agent/command', accept],
      ['agent/available', { available: true }],
    ] as const) {
      expect((await call(server, path, body, { cookie })).status, path).toBe(401);
    }
  }
});

test('a visitor can neither command nor follow the chat of another', async ({ server, apiAgent: _ }) => {
  const [vera, eve] = [new ApiVisitor(server), new ApiVisitor(server)];
  const veras = await vera.start('My secret');
  const eves = await eve.start('Mine');

  for (const command of [{ type: 'send', text: text('Hi') }, { type: 'end' }, { type: 'mark_read', up_to: 9 }] satisfies Command[]) {
    const answer = await eve.command(veras, command);
    expect(answer).toMatchObject({ status: 404, body: { error: 'no_such_chat' } });
  }
  expect(await new ApiVisitor(server).command(veras, { type: 'end' })).toMatchObject({ status: 404 });
  expect(await eve.command(4_711, { type: 'end' })).toMatchObject({ status: 404 });
  expect(await vera.command(veras, { type: 'accept' })).toMatchObject({ status: 404 });

  const socket = await LiveSocket.open(server);
  socket.say(hello(eve.token, { chat: veras, after: 0 }, { chat: eves, after: 0 }));
  expect(await socket.next('no_such_chat')).toEqual({ type: 'no_such_chat', chat: veras });
  expect(await socket.next('current')).toMatchObject({ chat: eves });
  socket.say({ type: 'follow', chat: veras, after: 0 });
  expect(await socket.next('no_such_chat')).toEqual({ type: 'no_such_chat', chat: veras });
  socket.say({ type: 'typing', chat: veras, draft: 'psst' });

  await vera.send(veras, 'My other secret');
  await eve.send(eves, 'After it');
  await expect.poll(() => socket.heard()).toContain('After it');
  expect(socket.heard()).toContain('Mine');
  expect(socket.heard()).not.toContain('secret');
  socket.close();
});

test('what a visitor is sent never tells of page views and of the connection', async ({ server, apiAgent: _ }) => {
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello', { page: { at: 1, url: 'https://shop.example/private-page', title: 'Private page' } });
  const socket = await LiveSocket.open(server);
  socket.say(hello(vera.token, { chat, after: 0 }));
  await socket.next('current');
  await vera.command(chat, { type: 'view_page', page: { at: 2, url: 'https://shop.example/private-page', title: 'Private page' } });
  await vera.send(chat, 'After it');
  await expect.poll(() => socket.heard()).toContain('After it');
  for (const hidden of ['page_viewed', 'visit_recorded', 'private-page', '127.0.0.1']) {
    expect(socket.heard()).not.toContain(hidden);
  }
  socket.close();
});

test('a command that is sent twice is carried out once', async ({ server, apiAgent: _ }) => {
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello');
  const id = crypto.randomUUID();
  const first = await vera.command(chat, { type: 'send', text: text('Only once') }, id);
  const second = await vera.command(chat, { type: 'send', text: text('Only once') }, id);
  expect(first.status).toBe(200);
  expect(second).toEqual(first);
  const socket = await LiveSocket.open(server);
  socket.say(hello(vera.token, { chat, after: 0 }));
  await socket.next('current');
  expect(socket.heard().split('Only once')).toHaveLength(2);
  socket.close();
});

test('a message that is empty or too long is refused, and why', async ({ server, apiAgent: _ }) => {
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello');
  for (const blocks of [[], text(''), text(' \n ')]) {
    const answer = await vera.command(chat, { type: 'send', text: blocks });
    expect(answer).toEqual({ status: 422, body: { error: 'refused', refusal: { reason: 'empty_message' } } });
  }
  const long = await vera.command(chat, { type: 'send', text: text('ä'.repeat(10_001)) });
  const refusal = { reason: 'message_too_long', chars: 10_001, max: 10_000 };
  expect(long).toEqual({ status: 413, body: { error: 'refused', refusal } });
  expect((await vera.command(chat, { type: 'send', text: text('ä'.repeat(10_000)) })).status).toBe(200);
  expect(await new ApiVisitor(server).command(null, { type: 'start', text: text('Hi'), email: 'not an address' })).toMatchObject({
    status: 422,
    body: { refusal: { reason: 'invalid_email' } },
  });
  expect(await vera.command(chat, { type: 'dance' } as unknown as Command)).toMatchObject({ status: 422 });
  await vera.command(chat, { type: 'end' });
  expect(await vera.command(chat, { type: 'send', text: text('Too late') })).toMatchObject({
    status: 409,
    body: { refusal: { reason: 'chat_ended' } },
  });
});

test('a visitor whose message is too long reads why and keeps what they wrote', async ({ chat: { visitor, agent } }) => {
  const long = 'x'.repeat(10_001);
  for (const side of [visitor, agent]) {
    await side.box.fill(long);
    await side.box.press('Enter');
    const sentence = side.face.getByText('This message has 10001 characters; 10000 are possible.');
    await expect(sentence).toBeVisible();
    await side.holds(long);
    await side.say('In short');
    await expect(sentence).toBeHidden();
  }
  for (const side of [visitor, agent]) await expect(side.message('In short')).toHaveCount(2);
});

test('pages of other websites can change nothing', async ({ server, agent }) => {
  const cookie = (await agent.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  expect((await call(server, 'agent/me', {}, { cookie })).status).toBe(200);
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  for (const headers of [foreign, { origin: 'https://evil.example' }]) {
    expect((await call(server, 'agent/available', { available: false }, { cookie, headers })).status).toBe(403);
    const form = { method: 'POST', body: new URLSearchParams({ email: 'a@b.de' }), headers: { ...headers, cookie }, redirect: 'manual' } as const;
    expect((await fetch(`${server.url}/logout`, form)).status).toBe(403);
    expect((await fetch(`${server.url}/login`, form)).status).toBe(403);
  }
  await agent.page.reload();
  await expect(agent.available).toBeChecked();
  await expect(LiveSocket.open(server, { origin: 'https://evil.example', cookie })).rejects.toThrow('403');
});

test('nobody may frame the console, and every page has a strict policy', async ({ server }) => {
  for (const [path, ancestors] of [['/login', "frame-ancestors 'none'"], ['/widget', 'frame-ancestors *']] as const) {
    const policy = (await fetch(server.url + path)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain(ancestors);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("'unsafe-inline'");
  }
});

test('a live connection that talks nonsense is closed with a reason that a person can read', async ({ server, apiAgent: _ }) => {
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello');
  for (const frames of [
    ['not even JSON'],
    ['{"type":"dance"}'],
    [JSON.stringify({ type: 'follow', chat, after: 0 })],
    [JSON.stringify(hello(vera.token)), '{"type":"dance"}'],
    [JSON.stringify(hello(vera.token)), JSON.stringify(hello(vera.token))],
  ]) {
    const socket = await LiveSocket.open(server);
    frames.forEach((frame) => socket.sayText(frame));
    expect(await socket.closed).toEqual({ code: 4100, reason: 'The server did not understand this page. Reload it, please.' });
  }
  const nobody = await LiveSocket.open(server);
  nobody.say(hello());
  expect(await nobody.closed).toEqual({ code: 4102, reason: 'Your session has ended. Please log in again.' });
  const old = await LiveSocket.open(server);
  old.say({ ...hello(vera.token), protocol: 99 });
  expect(await old.closed).toMatchObject({ code: 4101, reason: expect.stringContaining('version') });
});
