import type { BrowserContext, Frame, FrameLocator, Locator, Page } from '@playwright/test';
import { ApiAgent, text } from '../support/api';
import { isAccessible } from '../support/axe';
import { holdCode, holdFiles } from '../support/hold';
import { expect, test } from '../support/host';
import { protocol } from '../support/live';
import { Visitor } from '../support/visitor';
import { answered } from '../support/watch';

// The widget where its code cannot run: the first chat of each test has the number 1.

/** The plain pages, in a page or a frame. */
class Plain {
  readonly log: Locator;

  constructor(readonly face: Page | FrameLocator) {
    this.log = face.getByTitle('Conversation').contentFrame().getByRole('log', { name: 'Conversation' });
  }

  get box(): Locator {
    return this.face.getByRole('textbox', { name: 'Message' });
  }

  button(name: string): Locator {
    return this.face.getByRole('button', { name, exact: true });
  }

  message(words: string): Locator {
    return this.log.getByRole('article').filter({ hasText: words });
  }

  get findingAgent(): Locator {
    return this.log.getByRole('status', { name: 'Finding an agent' });
  }

  async start(message: string, name = '', email = ''): Promise<void> {
    await this.face.getByRole('textbox', { name: 'Name' }).fill(name);
    await this.face.getByRole('textbox', { name: 'Email' }).fill(email);
    await this.box.fill(message);
    await this.button('Start chat').click();
  }
}

/** What is said where the widget's code does not run. */
const simpler = (face: Page | FrameLocator) => face.getByRole('status').filter({ hasText: 'simpler way' });
const accept = (agent: ApiAgent) => agent.command(1, { type: 'accept' });
const answer = (agent: ApiAgent, words: string) => agent.command(1, { type: 'send', text: text(words) });

/** What the browser says about code that does not come. */
const noCode = [/net::ERR_FAILED/, /Failed to fetch/];

async function forbidCode(context: BrowserContext): Promise<void> {
  await context.route('**/*.wasm', (route) => route.abort());
}

test('without scripts a chat is started, read, written to and ended', async ({ browserOf, apiAgent, server, watch }) => {
  const page = await (await browserOf({ javaScriptEnabled: false })).newPage();
  const visitor = new Plain(page);
  await page.goto('/widget');
  watch.expect(answered(422, '/widget'));
  await visitor.start('Do you ship to Ireland?', 'Vera', 'vera@');
  await expect(page.getByRole('textbox', { name: 'Email' })).toHaveAccessibleDescription(/email address such as/);
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Vera');
  await expect(visitor.box).toHaveValue('Do you ship to Ireland?');
  await page.getByRole('textbox', { name: 'Email' }).fill('vera@example.com');
  await visitor.button('Start chat').click();
  await expect(visitor.findingAgent).toBeVisible();
  await expect(visitor.message('Do you ship to Ireland?')).toHaveAccessibleName('Vera (you)');

  // What comes is shown by itself, and leaves alone what is being typed.
  await visitor.box.fill('While I wait');
  await accept(apiAgent);
  await answer(apiAgent, 'Yes, we do');
  await expect(visitor.message('Yes, we do')).toHaveAccessibleName('Paula Program');
  await expect(visitor.message('Yes, we do')).toBeInViewport();
  await expect(visitor.findingAgent).toBeHidden();
  await expect(visitor.box).toHaveValue('While I wait');

  await visitor.button('Send').click();
  await expect(visitor.message('While I wait')).toHaveCount(1);
  await expect(visitor.box).toHaveValue('');
  // To load the answer again posts it again.
  await page.reload();
  await expect(visitor.message('While I wait')).toHaveCount(1);
  const seen = await apiAgent.call('agent/me', {});
  expect(seen.body.live).toMatchObject([{ visitor: 'Vera', status: 'open', last_message: { text: 'While I wait' } }]);

  await visitor.box.fill('And then');
  await visitor.button('End chat').click();
  const question = page.getByRole('alertdialog', { name: 'End chat?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(visitor.box).toHaveValue('And then');
  await visitor.button('End chat').click();
  await question.getByRole('button', { name: 'End chat' }).click();
  await visitor.button('Helpful').click();
  await expect(visitor.button('Helpful')).toHaveAttribute('aria-pressed', 'true');
  await expect(visitor.log).toContainText('You ended the chat');
  expect((await apiAgent.call('agent/me', {})).body.live).toEqual([]);
  await visitor.button('Start a new chat').click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Vera');
  expect(server.log).not.toContain('panicked');
});

test('where the code is forbidden the loader\'s visitor chats all the same', async ({ newVisitor, apiAgent, watch }) => {
  watch.expect(...noCode);
  const shop = await newVisitor({ viewport: { width: 390, height: 844 } });
  await forbidCode(shop.page.context());
  await shop.openChat({ live: false });
  const visitor = new Plain(shop.face);
  await expect(simpler(shop.face)).toBeVisible();
  await visitor.start('Hello', 'Vera');
  await expect(visitor.findingAgent).toBeVisible();
  await accept(apiAgent);
  await answer(apiAgent, 'Good morning');
  await expect(visitor.message('Good morning')).toBeVisible();
  await visitor.box.fill('By Enter');
  await visitor.box.press('Enter');
  await expect(visitor.message('By Enter')).toHaveCount(1);

  // On the next page of the shop the chat is found again, and the page is told to the agent.
  await visitor.button('Close chat').click();
  await expect(shop.open).toBeVisible();
  await shop.goTo('Pricing');
  await shop.openChat({ live: false });
  await expect(visitor.message('By Enter')).toBeVisible();
  await answer(apiAgent, 'Still here?');
  await expect(visitor.message('Still here?')).toBeVisible();
  await visitor.button('End chat').click();
  await shop.face.getByRole('alertdialog', { name: 'End chat?' }).getByRole('button', { name: 'End chat' }).click();
  await expect(visitor.button('Send transcript')).toBeVisible();
});

for (const [what, forbidden] of [
  ['scripts', '**/assets/**/*.js'],
  ['WASM', '**/*.wasm'],
]) {
  test(`on the page of another website a frame without ${what} chats, and no page that the visitor opens is lost`, async ({ host, browserOf, apiAgent, watch }) => {
    watch.expect(...noCode, /Blocked autofocusing/);
    const context = await browserOf({ baseURL: host.url });
    await context.route(forbidden, (route) => route.abort());
    const shop = new Visitor(await context.newPage());
    await shop.visit('/');
    await shop.openChat({ live: false });
    const visitor = new Plain(shop.face);
    if (what === 'WASM') await expect(simpler(shop.face)).toBeVisible();

    // While the form is on its way the visitor goes on.
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const posted = shop.page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/widget'));
    await context.route('**/widget?*', async (route) => {
      if (route.request().method() === 'POST') await released;
      await route.continue();
    });
    await visitor.start('Hello', 'Vera');
    await posted;
    await shop.page.evaluate(() => history.pushState(null, '', '/tents'));
    await expect.poll(() => shop.page.evaluate(() => localStorage.frontdesk)).toContain('/tents');
    release();
    await expect(visitor.findingAgent).toBeVisible();

    await accept(apiAgent);
    await answer(apiAgent, 'Good morning');
    await expect(visitor.message('Good morning')).toBeVisible();
    await visitor.box.fill('Plainly');
    await visitor.button('Send').click();
    await expect(visitor.message('Plainly')).toHaveCount(1);
    // Without scripts the loader does not hear that a chat goes on.
    if (what === 'scripts') return;
    await expect(visitor.box).toBeFocused();
    const socket = await apiAgent.connect();
    socket.say({ type: 'follow', chat: 1, after: 0 });
    await expect.poll(() => socket.heard().match(/"page_viewed","page":{[^}]*tents/g)).toHaveLength(1);
    socket.close();
  });
}

test('what is posted before the code has come is found by it, once', async ({ newVisitor, apiAgent }) => {
  const shop = await newVisitor();
  const come = await holdCode(shop.page.context());
  await shop.openChat({ live: false });
  await new Plain(shop.face).start('Quicker than the code', 'Vera');
  await expect.poll(async () => (await apiAgent.call('agent/me', {})).body.live.length).toBe(1);
  come();
  await expect(shop.findingAgent).toBeVisible();
  await shop.hears('Quicker than the code');
  await accept(apiAgent);
  await answer(apiAgent, 'Good morning');
  await shop.hears('Good morning');
  await shop.say('Now with code');
  await shop.sees('Sent', 'Now with code');
  const { live } = (await apiAgent.call('agent/me', {})).body;
  expect(live).toMatchObject([{ visitor: 'Vera', last_message: { text: 'Now with code' } }]);
});

test('the code that takes over keeps what was typed, and still posts nothing by itself', async ({ newVisitor, apiAgent }) => {
  const shop = await newVisitor();
  const come = await holdCode(shop.page.context());
  await shop.openChat({ live: false });
  await shop.box.fill('Typed early');
  const code = shop.page.waitForEvent('requestfinished', (request) => request.url().endsWith('.wasm'));
  come();
  await code;
  await expect(shop.box).toHaveValue('Typed early');
  await shop.face.getByRole('button', { name: 'Start chat' }).click();
  await expect(shop.findingAgent).toBeVisible();
  await shop.hears('Typed early');
  expect((await apiAgent.call('agent/me', {})).body.live).toHaveLength(1);
});

test('nobody finds anything wrong with the plain pages', async ({ browserOf, apiAgent, watch }) => {
  test.setTimeout(120_000);
  watch.expect(...noCode, answered(422, '/widget'));
  const context = await browserOf();
  await forbidCode(context);
  const page = await context.newPage();
  const visitor = new Plain(page);
  const narrow = { widths: [390] };
  await page.goto('/widget');
  await expect(simpler(page)).toBeVisible();
  await isAccessible(page, 'the form', narrow);
  await visitor.start('Hello', 'Vera', 'vera@');
  await expect(page.getByRole('textbox', { name: 'Email' })).toHaveAccessibleDescription(/email address/);
  await isAccessible(page, 'a wrong field', narrow);
  await visitor.start('Hello', 'Vera', '');
  await expect(visitor.findingAgent).toBeVisible();
  const pause = page.getByTitle('Conversation').contentFrame().getByRole('link', { name: 'Pause' });
  const paused = page.getByTitle('Conversation').contentFrame().getByRole('link', { name: 'Go on' });
  const frame = (): Frame => page.frames().find((frame) => frame.url().includes('/widget/log'))!;
  await pause.click();
  await expect(paused).toBeVisible();
  await isAccessible(page, 'the log of a chat that waits', { ...narrow, face: frame() });
  await accept(apiAgent);
  await answer(apiAgent, 'Good morning. See https://shop.example/');
  await visitor.button('Refresh').click();
  await expect(visitor.message('Good morning')).toBeVisible();
  await isAccessible(page, 'the chat', narrow);
  await pause.click();
  await expect(paused).toBeVisible();
  await isAccessible(page, 'the log', { ...narrow, face: frame() });
  await visitor.button('End chat').click();
  await isAccessible(page, 'the question', narrow);
  await page.getByRole('alertdialog').getByRole('button', { name: 'End chat' }).click();
  await visitor.button('Not helpful').click();
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeVisible();
  await isAccessible(page, 'after the end', narrow);
});

test('what is typed into a plain page outlives a reload, until it has arrived', async ({ browserOf, apiAgent, watch }) => {
  watch.expect(...noCode, answered(422, '/widget'));
  const context = await browserOf();
  await forbidCode(context);
  const page = await context.newPage();
  const visitor = new Plain(page);
  const email = page.getByRole('textbox', { name: 'Email' });
  await page.goto('/widget');
  await expect(simpler(page)).toBeVisible();
  await email.fill('vera@');
  await visitor.box.fill('Hello');
  await page.reload();
  await expect(email).toHaveValue('vera@');
  await expect(visitor.box).toHaveValue('Hello');
  await visitor.button('Start chat').click();
  await expect(email).toHaveAccessibleDescription(/email address/);
  await email.fill('vera@example.com');
  await page.reload();
  await expect(email).toHaveValue('vera@example.com');
  await visitor.button('Start chat').click();
  await expect(visitor.findingAgent).toBeVisible();

  await visitor.box.fill('While I wait');
  await page.reload();
  await expect(visitor.box).toHaveValue('While I wait');
  await visitor.button('Send').click();
  await expect(visitor.message('While I wait')).toHaveCount(1);
  await expect(visitor.box).toHaveValue('');
  await page.reload();
  await expect(visitor.message('While I wait')).toHaveCount(1);
  await expect(visitor.box).toHaveValue('');

  await accept(apiAgent);
  await visitor.button('End chat').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'End chat' }).click();
  // Fingers may be quicker than the code that keeps what they type.
  const come = await holdFiles(context, '**/typed.js');
  await visitor.button('Helpful').click();
  await page.getByRole('textbox', { name: 'Comment' }).fill('Quick');
  come();
  await expect.poll(() => page.evaluate(() => Object.values(localStorage).includes('Quick'))).toBe(true);
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('Quick');
  await visitor.button('Send comment').click();
  await visitor.button('Start a new chat').click();
  await expect(visitor.box).toHaveValue('');
  const drafts = () => page.evaluate(() => Object.keys(localStorage).filter((key) => /draft\..*\.\d/.test(key)));
  expect(await drafts()).toEqual([]);
});

test('plain pages keep the look that the website wishes, also in the log', async ({ host, browserOf, apiAgent, watch }) => {
  expect(apiAgent).toBeTruthy();
  watch.expect(...noCode, /Blocked autofocusing/);
  host.page = { attributes: 'data-theme="dark" data-color="#0f766e"' };
  const context = await browserOf({ baseURL: host.url });
  await forbidCode(context);
  const shop = new Visitor(await context.newPage());
  await shop.visit('/');
  await shop.openChat({ live: false });
  const visitor = new Plain(shop.face);
  await expect(simpler(shop.face)).toBeVisible();
  await visitor.start('Hello', 'Vera');
  await expect(visitor.findingAgent).toBeVisible();
  for (const face of [shop.face, shop.face.getByTitle('Conversation').contentFrame()]) {
    await expect(face.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(face.locator('html')).toHaveCSS('--accent', /^color\(srgb 0\.058\d* 0\.462\d* 0\.431\d*\)$/);
  }
});
