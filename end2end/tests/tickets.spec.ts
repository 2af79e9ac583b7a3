import type { Locator } from '@playwright/test';
import type { Agent } from '../support/agent';
import { ApiAgent, ApiVisitor, call, text } from '../support/api';
import { type Mail, mails } from '../support/mail';
import { nodesOf } from '../support/rich';
import type { Server } from '../support/server';
import { accountOf, expect, test } from '../support/test';
import { answered } from '../support/watch';

/** The dialog that makes a ticket of the open chat. */
function dialogOf(agent: Agent) {
  const dialog = agent.page.getByRole('dialog', { name: 'Create ticket' });
  return {
    dialog,
    email: dialog.getByRole('textbox', { name: 'Email' }),
    subject: dialog.getByRole('textbox', { name: 'Subject' }),
    description: dialog.getByRole('textbox', { name: 'Description' }),
    department: dialog.getByRole('combobox', { name: 'Department' }),
    labels: dialog.getByRole('combobox', { name: 'Labels' }),
    create: dialog.getByRole('button', { name: 'Create', exact: true }),
    cancel: dialog.getByRole('button', { name: 'Cancel' }),
  };
}

async function openDialog(agent: Agent) {
  await agent.page.getByRole('button', { name: 'Create ticket' }).click();
  const fields = dialogOf(agent);
  await expect(fields.dialog).toBeVisible();
  return fields;
}

/** The line of the conversation that tells of a ticket. */
const ticketLine = (agent: Agent, number: number): Locator =>
  agent.log.getByRole('paragraph').filter({ hasText: `created ticket #${number}` });

/** Makes a ticket of the open chat, and goes to its page. */
async function createTicket(agent: Agent, number = 1): Promise<void> {
  const { dialog, create } = await openDialog(agent);
  await create.click();
  await expect(dialog).toBeHidden();
  await ticketLine(agent, number).getByRole('link', { name: `#${number}` }).click();
  await expect(agent.page).toHaveURL(new RegExp(`/console/tickets/${number}$`));
}

/** A ticket's page. */
function ticketOf({ page }: Agent) {
  const side = page.getByRole('complementary', { name: 'About this ticket' });
  const field = (name: string) => side.getByRole('combobox', { name });
  return {
    side,
    subject: page.getByRole('heading', { level: 1 }),
    status: field('Status'),
    assignee: field('Assignee'),
    department: field('Department'),
    labels: field('Labels'),
    happened: page.getByRole('list', { name: 'What happened' }),
    reply: page.getByRole('textbox', { name: 'Reply' }),
    note: page.getByRole('textbox', { name: 'Note' }),
    kind: (name: 'Reply by email' | 'Internal note') => page.getByRole('tab', { name }),
    then: page.getByRole('combobox', { name: 'then' }),
    sendReply: page.getByRole('button', { name: 'Send reply' }),
    addNote: page.getByRole('button', { name: 'Add note' }),
  };
}

/** The list of tickets. */
function listOf({ page }: Agent) {
  const rows = page.getByRole('table', { name: 'Tickets' }).getByRole('row');
  return {
    go: async () => {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Tickets' }).click();
      await expect(page).toHaveURL(/\/console\/tickets$/);
    },
    tab: (name: 'Open' | 'Pending' | 'Resolved' | 'All') => page.getByRole('tab', { name, exact: true }),
    search: page.getByRole('searchbox', { name: 'Search tickets' }),
    assignee: page.getByRole('combobox', { name: 'Assignee' }),
    row: (subject: string) => rows.filter({ has: page.getByRole('link', { name: subject }) }),
    shows: async (...subjects: string[]) => {
      const links = page.getByRole('table', { name: 'Tickets' }).getByRole('row').getByRole('link');
      await expect(links).toHaveText(subjects.map((subject) => new RegExp(`^${subject} from `)));
    },
  };
}

/** The chosen option of a select, by its name. */
const chosen = (select: Locator) => select.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.label);

/** The mailed replies, in the order of their writing. */
async function ticketMails(server: Server, count: number): Promise<Mail[]> {
  const found = async () => (await mails(server)).filter(({ subject }) => subject?.startsWith('Re: [#'));
  await expect.poll(async () => (await found()).length).toBe(count);
  return found();
}

/** A message that somebody left while nobody was there: a ticket without a chat. Returns its number. */
async function leaveMessage(server: Server, message: string, name: string, email: string): Promise<number> {
  const left = { id: crypto.randomUUID(), name, email, department: null, text: text(message) };
  const { status, body } = await call(server, 'visitor/leave-message', left, { token: new ApiVisitor(server).token });
  expect(status).toBe(200);
  return body;
}

test('a chat becomes a ticket: what is known is filled in, and each shows the other', async ({ chat: { visitor, agent } }) => {
  await visitor.say('My lamp flickers');
  await agent.hears('My lamp flickers');
  await agent.say('I pass this on');
  const { dialog, email, subject, description, create } = await openDialog(agent);
  await expect(email).toHaveValue('vera@example.com');
  await expect(subject).toHaveValue('Hello');
  await expect(description).toHaveValue('Vera: Hello\nVera: My lamp flickers\nAnna Berg: I pass this on');
  await subject.fill('Lamp flickers');
  await create.click();
  await expect(dialog).toBeHidden();

  await expect(ticketLine(agent, 1)).toContainText('You created ticket #1');
  await expect(agent.page.getByRole('link', { name: '#1 Lamp flickers' })).toBeVisible();
  await ticketLine(agent, 1).getByRole('link', { name: '#1' }).click();
  await expect(agent.page).toHaveURL(/\/console\/tickets\/1$/);
  const ticket = ticketOf(agent);
  await expect(ticket.subject).toHaveText('Lamp flickers');
  const described = ticket.happened.getByRole('article', { name: 'Description by Anna Berg' });
  await expect(described).toContainText('Vera: My lamp flickers');
  await expect(ticket.side).toContainText('vera@example.com');
  await expect(ticket.side).toContainText('Vera');

  await ticket.happened.getByText('Chat #1', { exact: true }).click();
  await expect(ticket.happened.getByRole('article', { name: 'Vera' }).filter({ hasText: 'My lamp flickers' })).toBeVisible();
  await expect(ticket.happened.getByRole('article', { name: 'Anna Berg', exact: true })).toContainText('I pass this on');
  await ticket.side.getByRole('link', { name: 'Chat #1' }).click();
  await expect(agent.page).toHaveURL(/\/console\/chats\/1$/);
  await agent.say('Still here');
  await visitor.hears('Still here');
  await expect(visitor.log).not.toContainText('ticket');
});

test('without an email the agent is asked for it, and what is entered is kept on the chat', async ({ agent, visitor, server }) => {
  await visitor.start({ name: 'Vera', message: 'It is dark' });
  await agent.accept('Vera');
  const { dialog, email, create } = await openDialog(agent);
  await expect(email).toBeFocused();
  await expect(email).toHaveValue('');
  await expect(email).toHaveAccessibleDescription('The visitor gave no email. Ask for it, then enter it here.');
  await create.click();
  await expect(email).toHaveAccessibleDescription('The visitor\'s email address is needed for a ticket. Please ask for it and enter it.');
  await email.fill('vera@');
  await create.click();
  await expect(email).toHaveAccessibleDescription('Please enter an email address such as ada@example.com.');
  await expect(email).toBeFocused();
  await email.fill('vera@example.com');
  await create.click();
  await expect(dialog).toBeHidden();
  await expect(ticketLine(agent, 1)).toBeVisible();

  await expect(agent.page.getByRole('region', { name: 'Chat with Vera' })).toContainText('vera@example.com');
  await agent.page.reload();
  await agent.hears('It is dark');
  const again = await openDialog(agent);
  await expect(again.email).toHaveValue('vera@example.com');
  await again.cancel.click();

  // It is the chat's now: the transcript goes there.
  await agent.end();
  await expect.poll(async () => (await mails(server)).map(({ to }) => to?.[0].address)).toEqual(['vera@example.com']);
});

test('a ticket that is not finished is found again, and one that is discarded is not', async ({ chat: { agent } }) => {
  const first = await openDialog(agent);
  await first.subject.fill('Half a subj');
  await agent.page.keyboard.press('Escape');
  await expect(first.dialog).toBeHidden();
  await agent.page.reload();
  await agent.hears('Hello');
  const second = await openDialog(agent);
  await expect(second.subject).toHaveValue('Half a subj');
  await second.subject.fill('');
  await second.create.click();
  await expect(second.subject).toHaveAccessibleDescription('Please enter a subject of at most 200 characters.');
  await second.cancel.click();
  const third = await openDialog(agent);
  await expect(third.subject).toHaveValue('Hello');
});

test('department and labels are given with the ticket and changed on its page', async ({ agent, visitor, server }) => {
  await server.agentAdd({ ...accountOf('Carl Clerk'), departments: ['Repairs', 'Sales'] });
  await agent.page.reload();
  await visitor.start({ name: 'Vera', email: 'vera@example.com', message: 'It is dark' });
  await agent.accept('Vera');
  const { dialog, department, labels, create } = await openDialog(agent);
  await department.selectOption('Repairs');
  for (const label of ['urgent', 'lamp']) {
    await labels.fill(label);
    await labels.press('Enter');
    await expect(dialog.getByRole('button', { name: `Remove ${label}` })).toBeVisible();
  }
  await create.click();
  await expect(dialog).toBeHidden();
  await ticketLine(agent, 1).getByRole('link', { name: '#1' }).click();

  const ticket = ticketOf(agent);
  await expect.poll(() => chosen(ticket.department)).toBe('Repairs');
  await expect(ticket.side.getByRole('button', { name: 'Remove urgent' })).toBeVisible();
  await ticket.side.getByRole('button', { name: 'Remove urgent' }).click();
  await ticket.department.selectOption('Sales');
  await ticket.assignee.selectOption('Carl Clerk');
  await ticket.status.selectOption('Pending');
  for (const line of ['set the labels to lamp', 'moved this to Sales', 'assigned this to Carl Clerk', 'changed the status to Pending']) {
    await expect(ticket.happened.getByRole('listitem').filter({ hasText: `You ${line}` })).toBeVisible();
  }
  await agent.page.reload();
  await expect.poll(() => chosen(ticket.department)).toBe('Sales');
  await expect.poll(() => chosen(ticket.assignee)).toBe('Carl Clerk');
  await expect.poll(() => chosen(ticket.status)).toBe('Pending');
  await expect(ticket.side.getByRole('button', { name: /^Remove / })).toHaveCount(1);
});

test('a chat with a label that an admin has deleted becomes a ticket without it', async ({ chat: { agent }, server }) => {
  const account = { ...accountOf('Ada Boss'), role: 'admin' } as const;
  await server.agentAdd(account);
  const admin = await ApiAgent.logIn(server, account);
  for (const name of ['wholesale', 'urgent']) {
    await agent.page.getByRole('combobox', { name: 'Labels' }).fill(name);
    await agent.page.getByRole('combobox', { name: 'Labels' }).press('Enter');
    await expect(agent.row('Vera')).toContainText(name);
  }
  const { body: known } = await admin.call('agent/labels', {});
  const { id } = known.find(({ name }: { name: string }) => name === 'wholesale');
  expect((await admin.call('admin/labels/remove', { id })).status).toBe(200);

  // So that the console surely knows it.
  await agent.page.reload();
  await expect(agent.row('Vera')).toContainText('wholesale');
  const { dialog, create } = await openDialog(agent);
  await expect(dialog.getByRole('button', { name: /^Remove / })).toHaveAccessibleName('Remove urgent');
  await create.click();
  await expect(dialog).toBeHidden();
  await ticketLine(agent, 1).getByRole('link', { name: '#1' }).click();
  await expect(ticketOf(agent).side.getByRole('button', { name: /^Remove / })).toHaveAccessibleName('Remove urgent');
});

test('replies are mailed as one thread, with their formatting, and notes never', async ({ chat: { agent }, server }) => {
  await createTicket(agent);
  const ticket = ticketOf(agent);

  await ticket.kind('Internal note').click();
  await ticket.note.fill('Top secret: he is the mayor');
  await ticket.addNote.click();
  await expect(ticket.happened.getByRole('article', { name: 'Internal note by Anna Berg' })).toContainText('Top secret');
  await expect(ticket.note).toHaveText('');

  await ticket.kind('Reply by email').click();
  await ticket.reply.pressSequentially('We **repair** it:');
  await ticket.reply.press('Enter');
  await ticket.reply.pressSequentially('- tomorrow');
  await ticket.reply.press('Control+Enter');
  const first = ticket.happened.getByRole('article', { name: 'Reply by Anna Berg' }).filter({ hasText: 'We repair it:' });
  await expect(first).toContainText('to vera@example.com');
  await expect(first).toContainText('Sent');
  expect(await nodesOf(first)).toBe('<p>We <strong>repair</strong> it:</p><ul><li><p>tomorrow</p></li></ul>');
  await expect(ticket.reply).toHaveText('');
  // Who answers takes the ticket, and it waits for the visitor.
  await expect.poll(() => chosen(ticket.status)).toBe('Pending');
  await expect.poll(() => chosen(ticket.assignee)).toBe('Anna Berg (you)');

  const [one] = await ticketMails(server, 1);
  expect(one.to).toEqual([expect.objectContaining({ address: 'vera@example.com' })]);
  expect(one.subject).toBe('Re: [#1] Hello');
  expect(one.messageId).toMatch(/^<ticket-1-\d+@[^>]+>$/);
  expect(one.headers.find(({ key }) => key === 'content-type')?.value).toContain('multipart/alternative');
  expect(one.html).toMatch(/We <strong[^>]*>repair<\/strong> it:/);
  expect(one.html).toMatch(/<ul[^>]*><li[^>]*><p[^>]*>tomorrow<\/p><\/li><\/ul>/);
  expect(one.text).toContain('We repair it:\n\n- tomorrow');

  await ticket.reply.fill('It is done');
  await ticket.then.selectOption('Resolved');
  await ticket.sendReply.click();
  await expect(ticket.happened.getByRole('article', { name: 'Reply by Anna Berg' })).toHaveCount(2);
  await expect.poll(() => chosen(ticket.status)).toBe('Resolved');
  const [, two] = await ticketMails(server, 2);
  expect(two.subject).toBe('Re: [#1] Hello');
  expect(two.messageId).not.toBe(one.messageId);
  expect(two.inReplyTo).toBe(one.messageId);
  expect(two.references).toContain(one.messageId);
  expect(two.text).toContain('It is done');
  for (const mail of [one, two]) {
    for (const body of [mail.text, mail.html, mail.subject]) expect(body).not.toContain('secret');
  }
});

test('a message that was left is answered in the thread of its receipt', async ({ agent, server }) => {
  await agent.available.click();
  await expect(agent.available).not.toBeChecked();
  const number = await leaveMessage(server, 'Do you ship to Ireland?', 'Otto', 'otto@example.com');
  const list = listOf(agent);
  await list.go();
  await list.row('Do you ship to Ireland?').getByRole('link').click();
  const ticket = ticketOf(agent);
  await expect(ticket.happened.getByRole('article', { name: 'Description by Otto' })).toContainText('Do you ship to Ireland?');
  await ticket.reply.fill('Yes, we do.');
  await ticket.sendReply.click();
  await expect(ticket.happened.getByRole('article', { name: 'Reply by Anna Berg' })).toContainText('Yes, we do.');
  await expect.poll(async () => (await mails(server)).length).toBe(2);
  const [answer] = await ticketMails(server, 1);
  const [receipt] = (await mails(server)).filter(({ inReplyTo }) => !inReplyTo);
  expect(receipt.to?.[0].address).toBe('otto@example.com');
  expect(receipt.messageId).toMatch(new RegExp(`^<ticket-${number}-1@`));
  expect(answer.to?.[0].address).toBe('otto@example.com');
  expect(answer.inReplyTo).toBe(receipt.messageId);
  expect(answer.references).toContain(receipt.messageId);
  expect(answer.text).toContain('> Do you ship to Ireland?');
});

test('a reply that is being written is kept, apart from the note', async ({ chat: { agent } }) => {
  await createTicket(agent);
  const ticket = ticketOf(agent);
  await ticket.reply.pressSequentially('Dear **Vera**');
  await ticket.kind('Internal note').click();
  await expect(ticket.note).toHaveText('');
  await ticket.note.fill('Call her');
  await agent.page.reload();
  await expect(ticket.reply).toHaveText('Dear Vera');
  expect(await nodesOf(ticket.reply)).toBe('<p>Dear <strong>Vera</strong></p>');
  await ticket.kind('Internal note').click();
  await expect(ticket.note).toHaveText('Call her');
});

test('the list is filtered by status and assignee, and searched by words', async ({ newAgent, server }) => {
  const anna = await newAgent('Anna Berg');
  for (const [message, name] of [['Lamp is dark', 'Vera'], ['Parcel is late', 'Otto'], ['Lamp arrived broken', 'Ida']]) {
    await leaveMessage(server, message, name, `${name.toLowerCase()}@example.com`);
  }
  const list = listOf(anna);
  await list.go();
  await list.shows('Lamp arrived broken', 'Parcel is late', 'Lamp is dark');

  await list.row('Parcel is late').getByRole('link').click();
  const ticket = ticketOf(anna);
  await ticket.assignee.selectOption('Anna Berg (you)');
  await ticket.status.selectOption('Resolved');
  await expect(ticket.happened).toContainText('changed the status to Resolved');
  await anna.page.getByRole('link', { name: 'Back to the tickets' }).click();
  await list.shows('Lamp arrived broken', 'Lamp is dark');
  await list.tab('Pending').click();
  await expect(anna.page.getByRole('heading', { name: 'No pending tickets' })).toBeVisible();
  await list.tab('Resolved').click();
  await list.shows('Parcel is late');
  await expect(list.row('Parcel is late')).toContainText('Anna Berg');
  await list.tab('All').click();
  await list.shows('Parcel is late', 'Lamp arrived broken', 'Lamp is dark');
  await list.assignee.selectOption('Me');
  await list.shows('Parcel is late');
  await list.assignee.selectOption('Any assignee');

  await list.search.fill('lamp');
  await list.shows('Lamp arrived broken', 'Lamp is dark');
  await list.search.fill('lamp ida');
  await list.shows('Lamp arrived broken');
  await list.search.fill('vera@example.com');
  await list.shows('Lamp is dark');
  await list.search.fill('nothing like it');
  await expect(anna.page.getByRole('heading', { name: 'No ticket matches' })).toBeVisible();
  await anna.page.getByRole('button', { name: 'Clear the search' }).click();
  await list.shows('Parcel is late', 'Lamp arrived broken', 'Lamp is dark');
});

test('what one agent does to a ticket the others see at once', async ({ newAgent, visitor }) => {
  const [anna, ben] = [await newAgent('Anna Berg'), await newAgent('Ben Okafor')];
  const list = listOf(ben);
  await list.go();
  await expect(ben.page.getByRole('heading', { name: 'No open tickets' })).toBeVisible();

  await visitor.start({ name: 'Vera', email: 'vera@example.com', message: 'It is dark' });
  await anna.accept('Vera');
  await ben.ring().waitFor({ state: 'hidden' });
  await createTicket(anna);
  await list.shows('It is dark');
  await expect(list.row('It is dark')).toContainText('Nobody');

  const annas = ticketOf(anna);
  await annas.assignee.selectOption('Anna Berg (you)');
  await expect(list.row('It is dark')).toContainText('Anna Berg');
  await annas.status.selectOption('Pending');
  await expect(list.row('It is dark')).toHaveCount(0);
  await list.tab('Pending').click();
  await list.row('It is dark').getByRole('link').click();

  const bens = ticketOf(ben);
  await expect.poll(() => chosen(bens.assignee)).toBe('Anna Berg');
  await annas.kind('Internal note').click();
  await annas.note.fill('Waits for the bulb');
  await annas.addNote.click();
  await expect(bens.happened.getByRole('article', { name: 'Internal note by Anna Berg' })).toContainText('Waits for the bulb');
  await bens.status.selectOption('Open');
  await expect.poll(() => chosen(annas.status)).toBe('Open');
  await expect(annas.happened).toContainText('Ben Okafor changed the status to Open');
});

test('an address that leads to no ticket says so', async ({ agent, watch }) => {
  watch.expect(answered(404, '/api/agent/ticket'));
  await agent.page.goto('/console/tickets/4711');
  await expect(agent.page.getByRole('heading', { name: 'There is no such ticket' })).toBeVisible();
});

test('hostile text is shown as text, in chat, ticket, list and mail', async ({ agent, visitor, server }) => {
  const name = '<img src=x onerror="window.owned=1">';
  const message = '"><script>window.owned=1</script><svg onload=window.owned=1>';
  const subject = `</title><script>window.owned=1</script> Bcc: x@evil.example`;
  await visitor.start({ name, email: 'vera@example.com', message });
  await agent.accept(name);
  await agent.hears(message);
  const fields = await openDialog(agent);
  await expect(fields.subject).toHaveValue(message);
  await expect(fields.description).toHaveValue(`${name}: ${message}`);
  await fields.subject.fill(subject);
  await fields.labels.fill('<b>label</b>');
  await fields.labels.press('Enter');
  await expect(fields.dialog.getByRole('button', { name: 'Remove <b>label</b>' })).toBeVisible();
  await fields.create.click();
  await expect(agent.page.getByRole('link', { name: `#1 ${subject}` })).toBeVisible();
  await ticketLine(agent, 1).getByRole('link', { name: '#1' }).click();

  const ticket = ticketOf(agent);
  await expect(ticket.subject).toHaveText(subject);
  await expect(ticket.side).toContainText(name);
  await expect(ticket.happened.getByRole('article', { name: 'Description by Anna Berg' })).toContainText(message);
  await ticket.reply.fill(`Dear ${message}`);
  await ticket.sendReply.click();
  await expect(ticket.happened.getByRole('article', { name: 'Reply by Anna Berg' })).toContainText(`Dear ${message}`);
  await ticket.happened.getByText('Chat #1', { exact: true }).click();
  await expect(ticket.happened.getByRole('article', { name, exact: true })).toContainText(message);
  const list = listOf(agent);
  await list.go();
  await list.tab('All').click();
  await expect(list.row(subject)).toContainText(name);
  await expect(list.row(subject)).toContainText('<b>label</b>');
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);
  await expect(agent.page.locator('img[src="x"], svg[onload]')).toHaveCount(0);

  const [mail] = await ticketMails(server, 1);
  expect(mail.subject).toBe(`Re: [#1] ${subject}`);
  expect(mail.to).toHaveLength(1);
  expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
  expect(mail.text).toContain(`Dear ${message}`);
  expect(mail.html).not.toMatch(/<script|<svg|<img/);
  expect(mail.html).toContain('Dear &quot;&gt;&lt;script&gt;');
});

test('tickets are for agents only, and a command that comes twice is carried out once', async ({ server, apiAgent }) => {
  const number = await leaveMessage(server, 'Do you ship?', 'Otto', 'otto@example.com');
  for (const path of ['agent/tickets', 'agent/ticket', 'agent/ticket/command', 'agent/colleagues']) {
    const body = { id: number, ticket: number, query: {}, after: null, command: { type: 'set_status', status: 'open' } };
    expect((await call(server, path, { ...body, id: path === 'agent/ticket' ? number : crypto.randomUUID() })).status, path).toBe(401);
  }
  const id = crypto.randomUUID();
  const reply = { ticket: number, id, command: { type: 'reply', text: text('Yes'), status: 'resolved' } };
  expect((await apiAgent.call('agent/ticket/command', reply)).status).toBe(200);
  expect((await apiAgent.call('agent/ticket/command', reply)).status).toBe(200);
  const { body } = await apiAgent.call('agent/ticket', { id: number });
  expect(body.entries.filter((entry: { body: { type: string } }) => entry.body.type === 'replied')).toHaveLength(1);
  const evil = { paragraph: [{ text: 'Click', link: 'javascript:alert(1)' }] };
  for (const type of ['reply', 'note']) {
    const command = { ticket: number, id: crypto.randomUUID(), command: { type, text: [evil] } };
    expect(await apiAgent.call('agent/ticket/command', command)).toMatchObject({ status: 422, body: { refusal: { reason: 'invalid_link' } } });
  }
  await expect.poll(async () => (await mails(server)).length).toBe(2);
});
