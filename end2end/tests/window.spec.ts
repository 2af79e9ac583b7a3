import { expect, test } from '../support/host';
import { Visitor } from '../support/visitor';

test('a window of its own is the same chat for as long as it is open, and for nobody after that', async ({ host, agent, browserOf, server }) => {
  host.page = { attributes: 'data-theme="dark" data-color="#0f766e"' };
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  const opened = visitor.page.waitForEvent('popup');
  await visitor.face.getByRole('button', { name: 'Open in a window' }).click();
  const popup = await opened;
  const message = popup.getByRole('log', { name: 'Conversation' }).getByRole('article').filter({ hasText: 'Hello' });
  await expect(message).toBeVisible();
  await expect(popup.locator('html')).toHaveAttribute('data-theme', 'dark');
  const wishes = new URL(popup.url()).searchParams;
  expect([wishes.get('color'), wishes.get('origin')]).toEqual([expect.stringMatching(/^color\(srgb 0\.058\d* 0\.462\d* 0\.431\d*\)$/), null]);
  await popup.reload();
  await expect(message).toBeVisible();
  expect(await popup.evaluate(() => Object.keys(localStorage))).not.toContain('frontdesk.token');

  // Who opens the widget beside it is somebody else.
  const other = await context.newPage();
  const known = other.waitForResponse(/visitor\/state/);
  await other.goto(`${server.url}/widget`);
  await known;
  await expect(other.getByRole('button', { name: 'Start chat' })).toBeVisible();
  await expect(other.getByRole('log')).toHaveCount(0);

  const closed = popup.waitForEvent('close');
  await visitor.page.evaluate(() => (window as any).frontdesk('shutdown'));
  await closed;
});

test('a window that an earlier page has opened is closed when its visitor is to be forgotten', async ({ chat: { visitor } }) => {
  const opened = visitor.page.waitForEvent('popup');
  await visitor.face.getByRole('button', { name: 'Open in a window' }).click();
  const popup = await opened;
  await expect(popup.getByRole('article').filter({ hasText: 'Hello' })).toBeVisible();
  await visitor.goTo('Pricing');
  await expect(visitor.page).toHaveURL(/\/demo\/pricing$/);
  await visitor.openChat();
  await visitor.hears('Hello');
  const closed = popup.waitForEvent('close');
  await visitor.page.evaluate(() => (window as any).frontdesk('shutdown'));
  await closed;
});

test('a window of its own goes on with what was being written, counts what is unread, and closes itself', async ({ host, agent, browserOf, server }) => {
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await visitor.box.fill('Half a sent');
  const opened = visitor.page.waitForEvent('popup');
  await visitor.face.getByRole('button', { name: 'Open in a window' }).click();
  const popup = await opened;
  const box = popup.getByRole('textbox', { name: 'Message' });
  await expect(box).toHaveValue('Half a sent');
  await popup.reload();
  await expect(box).toHaveValue('Half a sent');
  await expect(popup.getByRole('article').filter({ hasText: 'Hello' })).toBeVisible();
  await visitor.openChat();
  await visitor.holds('');
  await visitor.closeChat();

  // Several windows of one browser: which of them has the focus, none is sure of here.
  await popup.evaluate(() => (document.hasFocus = () => false));
  await agent.say('Are you there?');
  await expect(popup).toHaveTitle(/^\(1\) /);
  await popup.evaluate(() => {
    delete (document as { hasFocus?: unknown }).hasFocus;
    dispatchEvent(new Event('focus'));
  });
  await expect(popup).not.toHaveTitle(/\d/);

  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: 'Close chat' }).click();
  await closed;
  // Where there is nothing to close, nothing seems to be.
  const alone = await context.newPage();
  await alone.goto(`${server.url}/widget`);
  await expect(alone.locator('main input[name="token"]')).toHaveCount(0);
  await expect(alone.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(alone.getByRole('button', { name: 'Close chat' })).toHaveCount(0);
});
