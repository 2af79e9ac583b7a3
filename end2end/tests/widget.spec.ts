import { listen, played } from '../support/sound';
import { expect, test } from '../support/test';

test('the visitor mutes the chat, and that is remembered', async ({ chat: { visitor } }) => {
  const mute = visitor.face.getByRole('button', { name: 'Mute' });
  await expect(mute).toHaveAttribute('aria-pressed', 'false');
  await mute.click();
  await expect(mute).toHaveAttribute('aria-pressed', 'true');
  await visitor.page.reload();
  await expect(mute).toHaveAttribute('aria-pressed', 'true');
  await mute.click();
  await expect(mute).toHaveAttribute('aria-pressed', 'false');
});

test('a message that nobody looks at knocks, unless the chat is muted', async ({ visitor, agent }) => {
  await listen(visitor.page);
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  const widget = visitor.page.frames().find((frame) => frame.url().includes('/widget'))!;
  await agent.say('Good morning');
  await agent.sees('Read', 'Good morning');
  expect(await played(widget)).toEqual([]);

  await visitor.closeChat();
  await agent.say('Are you there?');
  await expect.poll(() => played(widget)).toEqual([[659, 0.15]]);
  await visitor.openChat();
  await visitor.face.getByRole('button', { name: 'Mute' }).click();
  await visitor.closeChat();
  await agent.say('Are you still there?');
  await agent.sees('Delivered', 'Are you still there?');
  expect(await played(widget)).toEqual([]);
});

test('the chat goes on in a window of its own, and no address has its token', async ({ chat: { visitor, agent } }) => {
  const opened = visitor.page.waitForEvent('popup');
  await visitor.face.getByRole('button', { name: 'Open in a window' }).click();
  const popup = await opened;
  await expect(visitor.page.getByTitle('Chat', { exact: true })).toBeHidden();
  const log = popup.getByRole('log', { name: 'Conversation' });
  await expect(log.getByRole('article').filter({ hasText: 'Hello' })).toBeVisible();
  expect(popup.url()).not.toMatch(/#|token/);
  await popup.getByRole('textbox', { name: 'Message' }).fill('From the window');
  await popup.getByRole('button', { name: 'Send', exact: true }).click();
  await agent.hears('From the window');
  await agent.say('Seen there');
  await expect(log.getByText('Seen there')).toBeVisible();
  await popup.reload();
  await expect(log.getByText('Seen there')).toBeVisible();
  // It is the same chat, so the shop's page has it all.
  await visitor.openChat();
  await visitor.hears('Seen there');
});

test('nobody can make a visitor write under a token that they know', async ({ browserOf, server }) => {
  const page = await (await browserOf()).newPage();
  const token = 'A'.repeat(43);
  // Another website opens the chat, with a token wherever it could be looked for.
  await page.route('http://localhost:1/', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Trap</h1>' }));
  await page.goto('http://localhost:1/');
  const asking = page.context().waitForEvent('request', (request) => request.url().includes('visitor/state'));
  await page.evaluate(
    ([url, token]) => {
      Object.assign(window, { frontdeskContext: JSON.stringify({ token }), name: token });
      window.open(`${url}/widget?token=${token}#token=${token}`);
    },
    [server.url, token],
  );
  const asked = await asking;
  expect(await asked.headerValue('authorization')).toMatch(/^Bearer [\w-]{43}$/);
  expect(await asked.headerValue('authorization')).not.toContain(token);
});
