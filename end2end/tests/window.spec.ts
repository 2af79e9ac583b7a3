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
  expect([wishes.get('color'), wishes.get('origin')]).toEqual(['rgb(15, 118, 110)', null]);
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
