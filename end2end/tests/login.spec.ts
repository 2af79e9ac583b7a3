import type { Page } from '@playwright/test';
import { Agent } from '../support/agent';
import { accountOf, expect, password, test } from '../support/test';
import { answered } from '../support/watch';

async function tryToLogIn(page: Page, email: string, secret: string): Promise<string> {
  await page.goto('/login');
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Log in' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toBeVisible();
  return (await alert.innerText()).trim();
}

test('an agent who is added beside the running server logs in, and out again', async ({ server, browserOf }) => {
  await server.agentAdd(accountOf('Anna Berg'));
  const page = await (await browserOf()).newPage();
  const agent = new Agent(page, accountOf('Anna Berg'));
  await agent.logIn();
  await expect(page.getByRole('navigation', { name: 'Main' })).toContainText('Anna Berg');

  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(/\/login$/);
  await page.goto('/console');
  await expect(page).toHaveURL(/\/login$/);
});

test('a wrong password and an unknown email are answered alike, and the typed email is kept', async ({ server, browserOf, watch }) => {
  watch.expect(answered(401, '/login'));
  await server.agentAdd(accountOf('Anna Berg'));
  const page = await (await browserOf()).newPage();

  const wrong = await tryToLogIn(page, 'anna@example.com', 'wrong password');
  await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue('anna@example.com');
  await expect(page.getByLabel('Password')).toHaveValue('');
  const unknown = await tryToLogIn(page, 'nobody@example.com', password);
  await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue('nobody@example.com');

  expect(wrong).toBe('Email or password is not right.');
  expect(unknown).toBe(wrong);
});

test('guessing passwords is slowed down', async ({ server, browserOf, watch }) => {
  watch.expect(answered(401, '/login'), answered(429, '/login'));
  await server.agentAdd(accountOf('Anna Berg'));
  const page = await (await browserOf()).newPage();
  const sentences: string[] = [];
  for (let guess = 1; guess <= 6; guess++) {
    sentences.push(await tryToLogIn(page, 'anna@example.com', `guess number ${guess}`));
  }
  expect(sentences.at(0)).toBe('Email or password is not right.');
  expect(sentences.at(-1)).toBe('Too many attempts. Please wait a minute and try again.');
});

test('the console asks for the log-in first, and then goes where one wanted to', async ({ server, browserOf }) => {
  const account = accountOf('Anna Berg');
  await server.agentAdd(account);
  const page = await (await browserOf()).newPage();
  await page.goto('/console');
  await expect(page).toHaveURL(/\/login$/);
  await page.goto('/console/tickets');
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByRole('textbox', { name: 'Email' }).fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page).toHaveURL(/\/console\/tickets$/);
});
