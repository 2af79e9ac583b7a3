import { listen, played } from '../support/sound';
import { expect, test } from '../support/test';
import { Visitor } from '../support/visitor';

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

/** A page whose browser is asked about notifications, and answers so; what it shows is in `shown`. */
async function withNotifications(visitor: Visitor, answer: 'granted' | 'denied'): Promise<void> {
  await visitor.page.evaluate((answer) => {
    const shown: string[][] = [];
    class Fake {
      static permission = 'default';
      static asked = 0;
      static async requestPermission() {
        Fake.asked++;
        Fake.permission = answer;
      }
      constructor(title: string, more?: { body: string }) {
        if (Fake.permission === 'granted') shown.push([title, more!.body]);
      }
      close() {}
    }
    Object.assign(window, { shown, Notification: Fake, away: false });
    Object.defineProperty(document, 'hidden', { get: () => (window as any).away });
  }, answer);
}
const asked = (visitor: Visitor) => visitor.page.evaluate(() => (Notification as any).asked);

test('who asks for notifications is told of messages while they look elsewhere', async ({ agent, visitor }) => {
  await withNotifications(visitor, 'granted');
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  const bell = visitor.face.getByRole('button', { name: 'Notifications' });
  await expect(bell).toHaveAttribute('aria-pressed', 'false');
  expect(await asked(visitor)).toBe(0);
  await bell.click();
  await expect(bell).toHaveAttribute('aria-pressed', 'true');
  expect(await asked(visitor)).toBe(1);

  await agent.say('You are here');
  await visitor.hears('You are here');
  await visitor.page.evaluate(() => Object.assign(window, { away: true }));
  await agent.say('Are you still here?');
  await expect.poll(() => visitor.page.evaluate(() => (window as any).shown)).toEqual([['Anna Berg', 'Are you still here?']]);
  await bell.click();
  await expect(bell).toHaveAttribute('aria-pressed', 'false');
});

test('who does not allow notifications reads so, and nothing else happens', async ({ agent, visitor }) => {
  await withNotifications(visitor, 'denied');
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  const bell = visitor.face.getByRole('button', { name: 'Notifications' });
  const places = await visitor.face.getByRole('status').elementHandles();
  await bell.click();
  await expect(visitor.face.getByRole('status').filter({ hasText: 'Your browser blocks notifications' })).toBeVisible();
  const told = await Promise.all(places.map((place) => place.textContent()));
  expect(told.join(''), 'it is told where there was a place for it before').toContain('Your browser blocks notifications');
  await expect(bell).toHaveAttribute('aria-pressed', 'false');
  await visitor.say('Fine');
  await agent.hears('Fine');
});

test('a message that is read in another tab makes no sound, and what is muted there is muted here', async ({ chat: { visitor, agent } }) => {
  await visitor.page.addInitScript(() => {
    const create = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
      const shop = window.top as unknown as { knocks?: number };
      shop.knocks = (shop.knocks ?? 0) + 1;
      return create.call(this);
    };
  });
  const knocks = () => visitor.page.evaluate(() => (window as unknown as { knocks?: number }).knocks ?? 0);
  await visitor.visit();
  await visitor.hears('Hello');
  // A frame that nobody has touched makes no sound.
  await visitor.box.click();
  await visitor.closeChat();
  const tab = new Visitor(await visitor.page.context().newPage());
  await tab.visit();
  await tab.openChat();
  await tab.hears('Hello');

  await agent.say('Read in the other tab');
  await agent.sees('Read', 'Read in the other tab');
  await tab.closeChat();
  await agent.say('Read nowhere');
  await expect.poll(knocks).toBeGreaterThan(0);
  expect(await knocks(), 'the first one made none').toBe(1);

  await visitor.openChat();
  await tab.openChat();
  const mute = (whose: Visitor) => whose.face.getByRole('button', { name: 'Mute' });
  await mute(tab).click();
  await expect(mute(visitor)).toHaveAttribute('aria-pressed', 'true');
  await mute(visitor).click();
  await expect(mute(tab)).toHaveAttribute('aria-pressed', 'false');
});

test('an emoji goes where the visitor is writing, in place of what is selected, and can be undone', async ({ chat: { visitor, agent } }) => {
  const pick = async (emoji: string) => {
    await visitor.face.getByRole('button', { name: 'Emoji' }).click();
    await visitor.face.getByRole('dialog', { name: 'Emoji' }).getByRole('button', { name: emoji }).click();
    await expect(visitor.box).toBeFocused();
  };
  await visitor.box.fill('Hello world');
  await visitor.box.press('Home');
  for (let step = 0; step < 5; step++) await visitor.box.press('ArrowRight');
  await pick('👍');
  await visitor.holds('Hello👍 world');
  await visitor.box.press('ControlOrMeta+z');
  await visitor.holds('Hello world');
  await visitor.box.press('ControlOrMeta+Shift+z');
  await visitor.holds('Hello👍 world');
  await visitor.box.pressSequentially('!');
  await visitor.holds('Hello👍! world');
  await visitor.box.press('Shift+End');
  await pick('🎉');
  await visitor.holds('Hello👍!🎉');
  await visitor.box.press('Enter');
  await agent.hears('Hello👍!🎉');
});
