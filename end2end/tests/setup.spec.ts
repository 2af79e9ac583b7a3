import type { Page } from '@playwright/test';
import { expect, password, test } from '../support/test';
import { answered } from '../support/watch';

const createAdmin = (page: Page) => page.getByRole('button', { name: 'Create admin' });

async function fillIn(page: Page, name: string, email: string, secret: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByLabel('Password').fill(secret);
  await createAdmin(page).click();
}

test('the link that the first start prints leads to the first admin and into the console', async ({ server, browserOf }) => {
  const browser = await browserOf();
  const page = await browser.newPage();
  await page.goto(await server.setupLink());
  await fillIn(page, 'Ada Admin', 'ada@example.com', password);
  await expect(page).toHaveURL(/\/console$/);
  await expect(page.getByRole('navigation', { name: 'Main' })).toContainText('Ada Admin');
  const [session, ...others] = await browser.cookies();
  expect(others).toEqual([]);
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
});

test('the set-up link works once', async ({ server, browserOf, watch }) => {
  const link = await server.setupLink();
  const page = await (await browserOf()).newPage();
  await page.goto(link);
  await fillIn(page, 'Ada Admin', 'ada@example.com', password);
  await expect(page).toHaveURL(/\/console$/);

  watch.expect(answered(403, '/setup'));
  const second = await (await browserOf()).newPage();
  const answer = await second.goto(link);
  expect(answer?.status()).toBe(403);
  await expect(second.getByText('Please log in, or ask an admin for an account.')).toBeVisible();
  await expect(createAdmin(second)).toHaveCount(0);
});

test('a new start makes the old set-up link void and prints another one', async ({ server, browserOf, watch }) => {
  const old = await server.setupLink();
  await server.stop();
  await server.restart();
  await expect.poll(() => server.setupLink()).not.toBe(old);

  watch.expect(answered(403, '/setup'));
  const page = await (await browserOf()).newPage();
  for (const path of [old, '/setup']) {
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(403);
    await expect(page.getByText('start the server again to get a new one')).toBeVisible();
    await expect(createAdmin(page)).toHaveCount(0);
  }
  await page.goto(await server.setupLink());
  await expect(createAdmin(page)).toBeVisible();
});

test('without agents the start page leads to set-up', async ({ browserOf, watch }) => {
  watch.expect(answered(403, '/setup'));
  const page = await (await browserOf()).newPage();
  await page.goto('/');
  await expect(page).toHaveURL(/\/setup$/);
});

test('what is wrong with the form is said, and what was typed is kept', async ({ server, browserOf, watch }) => {
  watch.expect(answered(422, '/setup'));
  const page = await (await browserOf()).newPage();
  await page.goto(await server.setupLink());
  await fillIn(page, 'Ada Admin', 'ada@example.com', 'short');
  await expect(page.getByText('Please choose a password of at least 8 characters.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Ada Admin');
  await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue('ada@example.com');
  await expect(page.getByLabel('Password')).toHaveValue('');
  await fillIn(page, 'Ada Admin', 'ada@example.com', password);
  await expect(page).toHaveURL(/\/console$/);
});
