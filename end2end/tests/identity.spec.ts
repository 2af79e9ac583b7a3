import { createHmac } from 'node:crypto';
import type { Locator } from '@playwright/test';
import type { Agent } from '../support/agent';
import { ApiVisitor, call, text } from '../support/api';
import { Server } from '../support/server';
import { expect, test as base } from '../support/test';

const secret = 'a secret that the shop shares with its chat';

// The server knows the website's secret.
const test = base.extend({
  server: async ({}, use) => {
    const server = await Server.start();
    try {
      await server.stop();
      await server.restart({ FRONTDESK_IDENTITY_SECRET: secret });
      await use(server);
      await server.stop();
    } finally {
      await server.remove();
    }
  },
});

/** A token as a website's server makes it. */
function tokenOf(claims: object, key = secret): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

/** Starts a chat as the widget does when its website has said something of its visitor. */
async function startIntroduced(server: Server, introduction: object): Promise<void> {
  const command = { type: 'start', name: 'Vera', email: 'vera@example.com', text: text('Hello') };
  const body = { chat: null, id: crypto.randomUUID(), command, introduction };
  const answer = await call(server, 'visitor/command', body, { token: new ApiVisitor(server).token });
  expect(answer.status).toBe(200);
}

function conversation(agent: Agent, visitor: string): Locator {
  return agent.page.getByRole('region', { name: `Chat with ${visitor}` });
}

async function openInformation(agent: Agent): Promise<Locator> {
  await agent.page.getByRole('tab', { name: 'Visitor information' }).click();
  return agent.page.getByRole('tabpanel', { name: 'Visitor information' });
}

function value(panel: Locator, term: string): Locator {
  return panel.getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd');
}

test('a visitor whose website has signed who they are is shown as verified, without a warning', async ({ agent, server }) => {
  const token = tokenOf({ sub: '42', name: 'Ada Lovelace', email: 'ada@example.com', exp: inAnHour() });
  await startIntroduced(server, { token, data: { plan: 'pro', seats: 3, '<b>x</b>': '<img src=x onerror=owned=1>' } });
  await agent.accept('Ada Lovelace');
  await expect(conversation(agent, 'Ada Lovelace')).toContainText('Verified');
  await expect(conversation(agent, 'Ada Lovelace')).toContainText('ada@example.com');
  await expect(conversation(agent, 'Ada Lovelace')).not.toContainText('Not proven');
  const panel = await openInformation(agent);
  await expect(panel.getByText('Verified: your website has signed who this is.')).toBeVisible();
  await expect(panel.getByText('Do not discuss sensitive data')).toHaveCount(0);
  await expect(value(panel, 'Email')).toHaveText('ada@example.com');
  await expect(value(panel, 'User ID')).toHaveText('42');
  await expect(value(panel, 'plan')).toHaveText('pro');
  await expect(value(panel, 'seats')).toHaveText('3');
  await expect(panel.getByText('<img src=x onerror=owned=1>')).toBeVisible();
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);
});

test('an email that was typed is not proven by a name that was signed', async ({ agent, server }) => {
  await startIntroduced(server, { token: tokenOf({ sub: '42', name: 'Ada Lovelace', exp: inAnHour() }) });
  await agent.accept('Ada Lovelace');
  for (const text of ['Verified', 'vera@example.com', 'Not proven']) await expect(conversation(agent, 'Ada Lovelace')).toContainText(text);
  const panel = await openInformation(agent);
  await expect(panel.getByText('Do not discuss sensitive data')).toBeVisible();
});

test('a token that has expired or was forged stops nobody, and proves nothing', async ({ agent, server }) => {
  const claims = { sub: '42', name: 'Ada Lovelace', email: 'ada@example.com' };
  for (const token of [tokenOf({ ...claims, exp: 1_000 }), tokenOf({ ...claims, exp: inAnHour() }, 'x'.repeat(40))]) {
    await startIntroduced(server, { token });
    await agent.accept('Vera');
    const panel = await openInformation(agent);
    await expect(panel.getByText('Do not discuss sensitive data')).toBeVisible();
    await expect(panel.getByText('Verified')).toHaveCount(0);
    await expect(value(panel, 'Email')).toHaveText('vera@example.com');
  }
});

test('a visitor who logs in during a chat, and what the page tells then, reaches the agent who looks', async ({ chat: { visitor, agent } }) => {
  const panel = await openInformation(agent);
  await expect(panel.getByText('Do not discuss sensitive data')).toBeVisible();
  const tell = (method: 'identify' | 'set', value: object) =>
    visitor.page.evaluate(
      ([method, value]) => (window as unknown as { frontdesk: (method: unknown, value: unknown) => void }).frontdesk(method, value),
      [method, value],
    );

  const token = tokenOf({ sub: '42', name: 'Ada Lovelace', email: 'ada@example.com', exp: inAnHour() });
  await tell('identify', { name: 'Ada Lovelace', email: 'ada@example.com', token });
  await expect(panel.getByText('Verified: your website has signed who this is.')).toBeVisible();
  await expect(panel.getByText('Do not discuss sensitive data')).toHaveCount(0);
  await expect(value(panel, 'Email')).toHaveText('ada@example.com');
  const line = agent.log.getByText('Your website has signed that the visitor is Ada Lovelace');
  await expect(line).toHaveCount(1);
  await expect(agent.page.getByRole('heading', { name: 'Ada Lovelace', exact: true })).toBeVisible();

  await tell('set', { plan: 'pro', '<b>x</b>': '<img src=x onerror=owned=1>' });
  await expect(value(panel, 'plan')).toHaveText('pro');
  await expect(panel.getByText('<img src=x onerror=owned=1>')).toBeVisible();
  await tell('set', { plan: 'free' });
  await expect(value(panel, 'plan')).toHaveText('free');
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);

  // The same person with a fresh token is no news, and a page that says nothing takes nothing back.
  await tell('identify', { token: tokenOf({ sub: '42', name: 'Ada Lovelace', email: 'ada@example.com', exp: inAnHour() + 60 }) });
  await visitor.visit('/demo/pricing');
  await visitor.say('Here I am');
  await agent.hears('Here I am');
  await expect(line).toHaveCount(1);
  await expect(value(panel, 'plan')).toHaveText('free');

  // A forged token changes nothing, and what comes after it still arrives.
  await tell('identify', { token: tokenOf({ sub: '1', name: 'Mallory', exp: inAnHour() }, 'x'.repeat(40)) });
  await tell('set', { cart: 2 });
  await expect(value(panel, 'cart')).toHaveText('2');
  await expect(value(panel, 'plan')).toHaveCount(0);
  await expect(agent.page.getByRole('heading', { name: 'Ada Lovelace', exact: true })).toBeVisible();
  await expect(panel.getByText('Verified: your website has signed who this is.')).toBeVisible();
});
