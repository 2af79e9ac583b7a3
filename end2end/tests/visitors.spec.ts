import type { Locator, Page } from '@playwright/test';
import { call } from '../support/api';
import { isAccessible } from '../support/axe';
import { expect, test } from '../support/host';
import { LiveSocket, protocol } from '../support/live';
import { accountOf } from '../support/test';
import { Visitor } from '../support/visitor';

/** The agent's page of those who are on the websites. */
async function openVisitors(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Visitors' }).click();
  await expect(page).toHaveURL(/\/console\/visitors$/);
  await expect(page.getByRole('heading', { name: 'Visitors', level: 1 })).toBeVisible();
}

/** The visitors, without the row of the heads. */
function rows(page: Page): Locator {
  return page.getByRole('table', { name: 'Visitors' }).getByRole('row').filter({ has: page.getByRole('cell') });
}

const nobody = (page: Page) => page.getByRole('heading', { name: 'Nobody is on your websites right now' });

test('who is on a website that tells of them is seen there, with the page, and is followed', async ({ host, agent, browserOf }) => {
  const { page } = agent;
  await openVisitors(page);
  await expect(nobody(page)).toBeVisible();
  await expect(page.getByText('data-visitors="live"></script>')).toBeVisible();
  await isAccessible(page, 'nobody is there');

  host.page = { attributes: 'data-visitors="live"' };
  const visitor = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
  await visitor.visit('/?token=secret');
  const home = page.getByRole('link', { name: 'Home', exact: true });
  await expect(home).toHaveAttribute('href', `${host.url}/`);
  await expect(home).toHaveAttribute('rel', /\bnoopener noreferrer\b/);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(host.url.slice('http://'.length));
  await expect(rows(page).getByRole('cell').nth(1)).toHaveText('now');
  await expect(rows(page).getByRole('cell').nth(3)).toHaveText('1');
  await expect(nobody(page)).toHaveCount(0);
  await isAccessible(page, 'somebody is there');

  await page.getByRole('table', { name: 'Visitors' }).getByRole('link').focus();
  await visitor.goTo('Tents');
  const tents = page.getByRole('link', { name: 'Tents', exact: true });
  await expect(tents).toHaveAttribute('href', `${host.url}/tents`);
  await expect(tents).toBeFocused();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).getByRole('cell').nth(3)).toHaveText('2');
});

test('who is on a website that does not tell of them never shows, also not with a chat', async ({ host, server, agent, browserOf }) => {
  const { page } = agent;
  await openVisitors(page);
  const quiet = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
  await quiet.visit('/');
  await expect(quiet.open).toBeVisible();
  await quiet.start({ name: 'Quentin', message: 'Hello' });
  await agent.dismiss('Quentin');
  await quiet.goTo('Tents');
  await expect(quiet.page.getByRole('heading', { name: 'Tents' })).toBeVisible();

  // When who comes later is seen, who came before would have been.
  host.page = { attributes: 'data-visitors="live"' };
  const loud = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
  await loud.visit('/');
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).not.toContainText('/tents');
  expect((await call(server, 'agent/site-visitors', {})).status).toBe(401);
});

test('who chats is linked to the chat, from its start to its end', async ({ host, agent, browserOf }) => {
  const { page } = agent;
  host.page = { attributes: 'data-visitors="live"' };
  const visitor = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
  await visitor.visit('/');
  await openVisitors(page);
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole('link', { name: /^Chat with/ })).toHaveCount(0);
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.dismiss('Vera');
  const link = page.getByRole('link', { name: 'Chat with Vera' });
  await link.click();
  await expect(page).toHaveURL(/\/console\/chats\/\d+$/);
  await expect(page.getByRole('heading', { name: 'Vera', level: 2 })).toBeVisible();
  await openVisitors(page);
  await expect(link).toBeVisible();
  await visitor.end();
  await expect(link).toHaveCount(0);
  await expect(rows(page)).toHaveCount(1);
});

test('what fails is said, and the list comes back with the connection', async ({ host, agent, browserOf, watch, server }) => {
  const { page } = agent;
  host.page = { attributes: 'data-visitors="live"' };
  watch.expect(/Failed to load resource/, /WebSocket connection/);
  await page.route('**/api/agent/site-visitors', (route) => route.abort());
  await openVisitors(page);
  await expect(page.getByRole('alert')).toContainText('The visitors could not be loaded');
  await page.unroute('**/api/agent/site-visitors');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(nobody(page)).toBeVisible();

  await server.kill();
  await expect(page.getByText(/^Reconnecting/)).toBeVisible();
  await server.restart();
  await expect(page.getByText(/^Reconnecting/)).toHaveCount(0);
  const visitor = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
  await visitor.visit('/');
  await expect(rows(page)).toHaveCount(1);
});

test('only those who watch are told', async ({ server, apiAgent }) => {
  const [watching, other] = [await apiAgent.connect(), await apiAgent.connect()];
  watching.say({ type: 'watch_visitors', on: true });
  await watching.next('visitors_changed');
  const beacon = { live: crypto.randomUUID(), pages: [{ id: crypto.randomUUID(), url: 'https://shop.example/', title: 'Shop' }] };
  const body = JSON.stringify(beacon);
  expect((await fetch(`${server.url}/api/visitor/page-views`, { method: 'POST', body })).status).toBe(204);
  await watching.next('visitors_changed');
  expect((await apiAgent.call('agent/available', { available: false })).status).toBe(200);
  await other.next('available');
  expect(other.heard()).not.toContain('visitors_changed');

  // Whoever has no business with it hears nothing, and is not let in either.
  const stranger = await LiveSocket.open(server);
  stranger.say({ type: 'watch_visitors', on: true });
  expect((await stranger.closed).code).toBe(4100);
  const nobody = await LiveSocket.open(server);
  nobody.say({ type: 'hello', protocol, cursors: [] });
  expect((await nobody.closed).code).toBe(4102);
});

test('who is not logged in comes to the log-in page and, from there, back', async ({ server, browserOf }) => {
  const page = await (await browserOf()).newPage();
  const account = accountOf('Ben Okafor');
  await server.agentAdd(account);
  await page.goto('/console/visitors');
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByRole('textbox', { name: 'Email' }).fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page).toHaveURL(/\/console\/visitors$/);
  await expect(nobody(page)).toBeVisible();
});
