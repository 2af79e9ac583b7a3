import type { Locator } from '@playwright/test';
import type { Agent } from '../support/agent';
import { ApiAgent, ApiVisitor, call, text } from '../support/api';
import { mails } from '../support/mail';
import type { Server } from '../support/server';
import { accountOf, expect, test } from '../support/test';
import type { Visitor } from '../support/visitor';
import { answered } from '../support/watch';

const startChat = (visitor: Visitor): Locator => visitor.face.getByRole('button', { name: 'Start chat' });
const leaveMessage = (visitor: Visitor): Locator => visitor.face.getByRole('button', { name: 'Leave a message' });
const field = (visitor: Visitor, name: string): Locator => visitor.face.getByRole('textbox', { name });
const thanks = (visitor: Visitor): Locator => visitor.face.getByRole('status').filter({ hasText: 'Your message is with us' });

async function fill(visitor: Visitor, fields: { Name?: string; Email?: string; Message?: string }): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await field(visitor, name).fill(value);
}

/** Visitors may leave a message when they have waited for the shortest time that can be set. */
async function answerSoon(server: Server): Promise<void> {
  const account = accountOf('Ruth Rules');
  await server.agentAdd({ ...account, role: 'admin' });
  const admin = await ApiAgent.logIn(server, account);
  const saved = await admin.call('admin/rules/save', { rules: { answer_within_s: 5, max_file_mb: 20, max_files: 10 } });
  expect(saved.status).toBe(200);
}

async function openTicket(agent: Agent, subject: string): Promise<Locator> {
  await agent.page.getByRole('link', { name: 'Tickets' }).click();
  await agent.page.getByRole('table', { name: 'Tickets' }).getByRole('link', { name: subject }).click();
  await expect(agent.page.getByRole('heading', { name: subject, level: 1 })).toBeVisible();
  return agent.page.getByRole('main');
}

test('when nobody is there a message can be left: it becomes a ticket, and its arrival is confirmed by mail', async ({ visitor, newAgent, server }) => {
  await visitor.openChat();
  await expect(leaveMessage(visitor)).toBeVisible();
  await expect(startChat(visitor)).toHaveCount(0);
  await fill(visitor, { Name: 'Vera', Message: 'Do you ship to Ireland?\nIt is for a school.' });
  await leaveMessage(visitor).click();
  await expect(visitor.face.getByText('We answer by email: please enter your address.')).toBeVisible();
  await fill(visitor, { Email: 'vera@' });
  await leaveMessage(visitor).click();
  await expect(visitor.face.getByText('Please enter an email address such as ada@example.com.')).toBeVisible();
  await expect(field(visitor, 'Message')).toHaveValue('Do you ship to Ireland?\nIt is for a school.');
  await fill(visitor, { Email: 'vera@example.com' });
  await leaveMessage(visitor).dblclick();
  await expect(thanks(visitor)).toContainText('vera@example.com');

  await expect.poll(async () => (await mails(server)).length).toBe(1);
  const [mail] = await mails(server);
  expect(mail.to?.[0].address).toBe('vera@example.com');
  expect(mail.subject).toContain('#1');
  expect(mail.text).toContain('Do you ship to Ireland?');

  const agent = await newAgent('Anna Berg');
  const ticket = await openTicket(agent, 'Do you ship to Ireland?');
  for (const told of ['Vera', 'vera@example.com', 'It is for a school.', 'Open']) await expect(ticket).toContainText(told);
  await agent.page.getByRole('link', { name: 'Back to the tickets' }).click();
  await expect(agent.page.getByRole('table', { name: 'Tickets' }).getByRole('link')).toHaveCount(1);
});

test('the switch decides at once what visitors are offered, and is remembered', async ({ agent, newVisitor, watch }) => {
  const [first, second] = [await newVisitor(), await newVisitor()];
  await first.openChat();
  await expect(startChat(first)).toBeVisible();
  await fill(first, { Name: 'Vera', Message: 'Written while somebody was there' });

  const kept = agent.page.waitForResponse(/agent\/available/);
  await agent.available.click();
  await expect(agent.available).not.toBeChecked();
  await kept;
  await agent.page.reload();
  await expect(agent.available).not.toBeChecked();
  await second.openChat();
  await expect(leaveMessage(second)).toBeVisible();
  await expect(startChat(second)).toHaveCount(0);

  // Whose form was open already finds out at the latest when sending, and keeps what they wrote.
  watch.expect(answered(409, '/api/visitor/command'));
  await startChat(first).or(leaveMessage(first)).click();
  await expect(leaveMessage(first)).toBeVisible();
  await expect(thanks(first)).toHaveCount(0);
  await expect(field(first, 'Name')).toHaveValue('Vera');
  await expect(field(first, 'Message')).toHaveValue('Written while somebody was there');
  await fill(first, { Email: 'vera@example.com' });
  await leaveMessage(first).click();
  await expect(thanks(first)).toBeVisible();

  await agent.available.click();
  await expect(agent.available).toBeChecked();
  await second.page.reload();
  await expect(startChat(second)).toBeVisible();
  await expect(leaveMessage(second)).toHaveCount(0);
});

test('a reload of the console is no absence, a closed console is one after a moment', async ({ agent, server }) => {
  const offered = async () => (await call(server, 'visitor/state', {}, { token: new ApiVisitor(server).token })).body.available;
  expect(await offered()).toBe(true);
  await agent.page.reload();
  expect(await offered()).toBe(true);
  await agent.isAtConsole();
  await agent.page.close();
  expect(await offered()).toBe(true);
  await expect.poll(offered, { timeout: 25_000 }).toBe(false);
});

test('a visitor can choose only departments in which somebody is available', async ({ server, newVisitor }) => {
  const [sam, bea] = [accountOf('Sam Sales'), accountOf('Bea Billing')];
  await server.agentAdd({ ...sam, departments: ['Sales', 'Support'] });
  await server.agentAdd({ ...bea, departments: ['Billing'] });
  const atSales = await ApiAgent.logIn(server, sam);
  const atBilling = await ApiAgent.logIn(server, bea);
  const consoles = [await atSales.connect(), await atBilling.connect()];
  const visitor = await newVisitor();
  await visitor.openChat();
  const options = visitor.face.getByRole('combobox', { name: 'Department' }).getByRole('option');
  await expect(options).toHaveText(['Billing', 'Sales', 'Support']);
  await atBilling.call('agent/available', { available: false });
  await visitor.page.reload();
  await expect(options).toHaveText(['Sales', 'Support']);
  await atSales.call('agent/available', { available: false });
  await visitor.page.reload();
  await expect(leaveMessage(visitor)).toBeVisible();
  consoles.forEach((console) => console.close());
});

test('who waits too long can leave a message instead: a ticket of the chat, which ends', async ({ agent, visitor, server }) => {
  await answerSoon(server);
  await visitor.start({ name: 'Vera', email: 'vera@example.com', message: 'Is anybody there?' });
  await expect(agent.ring('Vera')).toBeVisible();
  await expect(leaveMessage(visitor)).toBeVisible();
  await expect(visitor.face.getByRole('status').filter({ hasText: 'Nobody is free right now' })).toBeVisible();
  await leaveMessage(visitor).click();
  await expect(field(visitor, 'Name')).toHaveValue('Vera');
  await expect(field(visitor, 'Email')).toHaveValue('vera@example.com');
  await expect(field(visitor, 'Message')).toHaveValue('Is anybody there?');
  await fill(visitor, { Message: 'Is anybody there? Please call back.' });
  await leaveMessage(visitor).click();
  await expect(thanks(visitor)).toContainText('vera@example.com');

  await expect(agent.ring()).toHaveCount(0);
  const ticket = await openTicket(agent, 'Is anybody there? Please call back.');
  await expect(ticket).toContainText('vera@example.com');
  await ticket.getByRole('link', { name: 'Chat #1' }).click();
  await agent.hears('Is anybody there?');
  await agent.seesEnd();
  await expect(agent.log.getByText(/visitor left a message: ticket/)).toBeVisible();

  // One mail: that it arrived. There was no talk to be sent.
  await expect.poll(async () => (await mails(server)).map(({ subject }) => subject)).toEqual([expect.stringContaining('#1')]);
  await visitor.page.reload();
  await expect(startChat(visitor)).toBeVisible();
});

test('who goes on waiting keeps their place, and an agent who comes in between is talked to', async ({ agent, visitor, server }) => {
  await answerSoon(server);
  await visitor.start({ name: 'Vera', email: 'vera@example.com', message: 'Is anybody there?' });
  await visitor.face.getByRole('button', { name: 'Keep waiting' }).click();
  await expect(visitor.findingAgent).toBeVisible();
  await leaveMessage(visitor).click();
  await fill(visitor, { Message: 'Half a mess' });
  await agent.accept('Vera');
  await expect(visitor.log.getByText(/Anna Berg joined/)).toBeVisible();
  await expect(leaveMessage(visitor)).toHaveCount(0);
  await visitor.holds('Half a mess');
  await visitor.box.press('Enter');
  await agent.hears('Half a mess');
  await agent.say('Here I am');
  await visitor.hears('Here I am');
});

test('what is no message is refused with the reason, and code in it is only text', async ({ server, newAgent }) => {
  const code = '<img src=x onerror=owned=1>';
  const leave = (more: object) => {
    const message = { id: crypto.randomUUID(), name: 'Vera', email: 'vera@example.com', department: null, text: text('Hello'), ...more };
    return call(server, 'visitor/leave-message', message, { token: new ApiVisitor(server).token });
  };
  for (const [more, status, reason] of [
    [{ name: 'x'.repeat(101) }, 422, 'invalid_name'],
    [{ email: '' }, 422, 'invalid_email'],
    [{ email: 'vera@example.com\r\nBcc: eve@example.com' }, 422, 'invalid_email'],
    [{ text: text(' \n') }, 422, 'empty_message'],
    [{ text: text('x'.repeat(10_001)) }, 413, 'message_too_long'],
    [{ text: [{ paragraph: [{ text: 'Click', link: 'javascript:alert(1)' }] }] }, 422, 'invalid_link'],
    [{ department: 4711 }, 422, 'unknown_department'],
  ] as const) {
    expect(await leave(more), reason).toMatchObject({ status, body: { error: 'refused', refusal: { reason } } });
  }
  expect((await leave({ name: `Vera ${code}`, text: text(`${code} in a subject`) })).status).toBe(200);
  const agent = await newAgent('Anna Berg');
  const ticket = await openTicket(agent, `${code} in a subject`);
  await expect(ticket).toContainText(`Vera ${code}`);
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);
});
