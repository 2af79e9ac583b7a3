import type { Locator } from '@playwright/test';
import type { Agent } from '../support/agent';
import { ApiVisitor, call, text } from '../support/api';
import { expect, test } from '../support/test';
import { Visitor } from '../support/visitor';

const day = 86_400_000;

async function openInformation(agent: Agent): Promise<void> {
  await agent.page.getByRole('tab', { name: 'Visitor information' }).click();
  await expect(agent.page.getByRole('tabpanel', { name: 'Visitor information' })).toBeVisible();
}

/** What stands beside a term. */
function value(agent: Agent, term: string): Locator {
  const panel = agent.page.getByRole('tabpanel', { name: 'Visitor information' });
  return panel.getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd');
}

function pages(agent: Agent): Locator {
  return agent.page.getByRole('list', { name: 'Pages of this visit' }).getByRole('listitem');
}

/** A date as the console writes it for Americans: "November 22, 2026". */
function date(at: number): string {
  return new Date(at).toLocaleDateString('en-US', { day: 'numeric', month: 'long', year: 'numeric' });
}

test('the agent sees who the visitor is, how they came and which pages they opened, as it goes on', async ({ agent, browserOf, server }) => {
  const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const context = await browserOf({ userAgent, locale: 'de-AT', timezoneId: 'Europe/Vienna' });
  const visitor = new Visitor(await context.newPage());
  await visitor.page.goto('/demo/pricing?plan=pot&token=secret', { referer: 'https://search.example/?q=tea' });
  const pricing = await visitor.page.title();
  await visitor.goTo('Contact');
  await expect(visitor.page).toHaveURL(/contact/);
  const contact = await visitor.page.title();
  await visitor.start({ name: 'Vera', email: 'vera@example.com', message: 'Hello' });
  await agent.accept('Vera');
  await openInformation(agent);

  const shop = server.url.replace('http://', '');
  await expect(value(agent, 'IP address')).toHaveText('127.0.0.1');
  await expect(value(agent, 'User agent')).toHaveText(userAgent);
  await expect(value(agent, 'Browser')).toHaveText('Firefox 140 on Windows');
  await expect(value(agent, 'Language')).toHaveText(/^(Austrian German|German \(Austria\))$/);
  await expect(value(agent, 'Time zone')).toHaveText(/^Europe\/Vienna\s*\d{1,2}:\d\d\s[AP]M there$/);
  await expect(value(agent, 'Referrer')).toHaveText('search.example/?q=tea');
  await expect(value(agent, 'Current page')).toHaveText(`${shop}/demo/contact`);
  for (const landing of ['Session', 'Initial']) {
    await expect(value(agent, `${landing} landing page`)).toHaveText(`${shop}/demo/pricing?plan=pot`);
    await expect(value(agent, `${landing} landing page`).getByRole('link')).toHaveAttribute('href', `${server.url}/demo/pricing?plan=pot`);
  }
  for (const start of ['Session start', 'Initial visit']) {
    await expect(value(agent, start)).toHaveText(new RegExp(`^${date(Date.now())}.*\\d{1,2}:\\d\\d\\s[AP]M$`));
  }
  await expect(pages(agent)).toContainText([contact, pricing]);
  await expect(pages(agent).first()).toContainText('Now');

  await visitor.goTo('Teas');
  await expect(visitor.page).toHaveURL(/\/demo$/);
  await expect(pages(agent)).toContainText([await visitor.page.title(), contact, pricing]);
  await expect(value(agent, 'Current page')).toHaveText(`${shop}/demo`);
  await expect(value(agent, 'Session landing page')).toHaveText(`${shop}/demo/pricing?plan=pot`);
});

test('how long a visitor stayed on a page is told by their clock, also when it is ahead', async ({ agent, browserOf }) => {
  const visitor = new Visitor(await (await browserOf()).newPage());
  const setForward = (ms: number) =>
    visitor.page.addInitScript((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
    }, ms);
  await setForward(300_000);
  await visitor.visit('/demo/pricing');
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await openInformation(agent);
  await expect(pages(agent).getByText(/^Now, 0:[0-3]\d$/)).toBeVisible();
  // As if they had stayed for so long.
  await setForward(40_000);
  await visitor.goTo('Contact');
  await expect(pages(agent)).toHaveCount(2);
  await expect(pages(agent).last().getByText(/^0:[45]\d$/)).toBeVisible();
  await expect(pages(agent).first().getByText(/^Now, 0:[0-3]\d$/)).toBeVisible();
});

test('a visitor who comes back has a new session, and the first visit is remembered', async ({ agent, browserOf }) => {
  const context = await browserOf();
  const before = await context.newPage();
  await before.addInitScript((ago) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - ago;
  }, 3 * day);
  await before.goto('/demo/pricing');
  await expect.poll(() => before.evaluate(() => localStorage.getItem('frontdesk'))).toContain('pricing');
  const pricing = await before.title();
  await before.close();

  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/demo/contact');
  await visitor.start({ name: 'Vera', message: 'Me again' });
  await agent.accept('Vera');
  await openInformation(agent);
  await expect(value(agent, 'Initial visit')).toContainText(date(Date.now() - 3 * day));
  await expect(value(agent, 'Initial landing page')).toContainText('/demo/pricing');
  await expect(value(agent, 'Session start')).toContainText(date(Date.now()));
  await expect(value(agent, 'Session landing page')).toContainText('/demo/contact');
  await expect(value(agent, 'Referrer')).toHaveText('None');
  await expect(pages(agent)).toHaveCount(1);
  await expect(pages(agent)).not.toContainText(pricing);
});

test('the chats that the visitor had before are listed and lead there', async ({ chat: { visitor, agent }, server }) => {
  await openInformation(agent);
  const earlier = agent.page.getByRole('list', { name: 'Earlier chats' }).getByRole('listitem');
  await expect(agent.page.getByText("This is the visitor's first chat.")).toBeVisible();
  await agent.say('The first answer');
  await visitor.hears('The first answer');
  await agent.end();
  const otto = new ApiVisitor(server);
  await otto.command(await otto.start('Not by Vera'), { type: 'end' });

  await visitor.startNewChat.click();
  await visitor.box.fill('One more thing');
  await visitor.face.getByRole('button', { name: 'Start chat' }).click();
  await agent.accept('One more thing');
  await openInformation(agent);
  await expect(earlier).toHaveCount(1);
  await expect(earlier).toContainText('The first answer');
  await expect(earlier).toContainText('#1');
  await earlier.getByRole('link').click();
  await agent.hears('The first answer');
  await expect(agent.page).toHaveURL(/\/console\/chats\/1$/);
});

test('an email that was typed is marked as not proven; without one there is nothing to warn of', async ({ chat: { agent }, newVisitor }) => {
  const warning = agent.page.getByText('Do not discuss sensitive data');
  const conversation = (visitor: string) => agent.page.getByRole('region', { name: `Chat with ${visitor}` });
  await expect(conversation('Vera')).toContainText('vera@example.com');
  await expect(conversation('Vera')).toContainText('Not proven');
  await openInformation(agent);
  await expect(value(agent, 'Email')).toHaveText('vera@example.com');
  await expect(warning).toBeVisible();
  const otto = await newVisitor();
  await otto.start({ name: 'Otto', message: 'Moin' });
  await agent.accept('Otto');
  await openInformation(agent);
  await expect(value(agent, 'IP address')).toHaveText('127.0.0.1');
  await expect(warning).toHaveCount(0);
  await expect(conversation('Otto')).toContainText('Moin');
  await expect(conversation('Otto')).not.toContainText('Not proven');
});

test('what a visitor makes up about themselves is text of bounded length, and no link to a script', async ({ agent, server }) => {
  const code = '<img src=x onerror=owned=1>';
  const vera = new ApiVisitor(server);
  const page = { at: 1, url: 'javascript:alert(1)', title: code, referrer: 'javascript:alert(2)' };
  const landing = { at: 9e15, url: 'data:text/html,hello' };
  const visit = { first: landing, session: landing, pages: [{ ...page, url: 'https://shop.example/' }], language: code, time_zone: 'Nowhere/Land' };
  const command = { type: 'start', name: `Vera ${code}`, text: text('Hello'), visit, page: { ...page, title: 'x'.repeat(5_000) } };
  const headers = { 'user-agent': code.repeat(100) };
  const answer = await call(server, 'visitor/command', { chat: null, id: crypto.randomUUID(), command }, { token: vera.token, headers });
  expect(answer.status).toBe(200);

  await agent.accept('Vera');
  await expect(agent.page.getByRole('heading', { name: `Vera ${code}`, level: 2 })).toBeVisible();
  await openInformation(agent);
  await expect(value(agent, 'User agent')).toHaveText(code.repeat(100).slice(0, 500));
  await expect(pages(agent)).toHaveCount(2);
  await expect(pages(agent).last()).toContainText(code);
  await expect(pages(agent).first()).toContainText('x'.repeat(300));
  await expect(pages(agent).first()).not.toContainText('x'.repeat(301));
  for (const term of ['Current page', 'Initial landing page', 'Session landing page']) await expect(value(agent, term)).toHaveText('Not known');
  const addresses = await agent.page.getByRole('link').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  expect(addresses.filter((address) => !/^https?:/.test(address))).toEqual([]);
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);
  await agent.say('Everything still works');
  await agent.sees('Sent', 'Everything still works');
});
