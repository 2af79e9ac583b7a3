import type { Locator } from '@playwright/test';
import { ApiVisitor, call } from '../support/api';
import { mails } from '../support/mail';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import type { Visitor } from '../support/visitor';
import { answered } from '../support/watch';

const helpful = (visitor: Visitor): Locator => visitor.face.getByRole('button', { name: 'Helpful', exact: true });
const notHelpful = (visitor: Visitor): Locator => visitor.face.getByRole('button', { name: 'Not helpful' });
const comment = (visitor: Visitor): Locator => visitor.face.getByRole('textbox', { name: 'Comment' });
const email = (visitor: Visitor): Locator => visitor.face.getByRole('textbox', { name: 'Email' });
const sendTranscript = (visitor: Visitor): Locator => visitor.face.getByRole('button', { name: 'Send transcript' });

async function sentTo(server: Server): Promise<(string | undefined)[]> {
  return (await mails(server)).map(({ to }) => to?.[0].address).sort();
}

test('the visitor says whether the chat helped, and the agent reads it in the conversation', async ({ chat: { visitor, agent } }) => {
  await expect(helpful(visitor)).toHaveCount(0);
  await agent.end();
  await visitor.seesEnd();
  await helpful(visitor).click();
  await expect(helpful(visitor)).toHaveAttribute('aria-pressed', 'true');
  await expect(agent.log.getByText(/visitor found this chat helpful/)).toBeVisible();

  await notHelpful(visitor).click();
  await expect(helpful(visitor)).toHaveAttribute('aria-pressed', 'false');
  await expect(agent.log.getByText(/visitor found this chat not helpful/)).toBeVisible();
  const words = 'Too slow <img src=x onerror=owned=1>';
  await comment(visitor).fill(words);
  // Where it is told is there before: few screen readers speak what comes together with its place.
  const places = await visitor.face.getByRole('region', { name: 'After the chat' }).getByRole('status').elementHandles();
  await visitor.face.getByRole('button', { name: 'Send comment' }).click();
  await expect(visitor.face.getByText('Your comment was sent.')).toBeVisible();
  const told = await Promise.all(places.map((place) => place.textContent()));
  expect(told).toContain('Your comment was sent.');
  await expect(agent.log.getByText(words, { exact: true })).toBeVisible();
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);

  await agent.page.reload();
  await expect(agent.log.getByText(words, { exact: true })).toBeVisible();
  await expect(visitor.log).not.toContainText('found this chat');
});

test('the transcript goes to the address that the visitor chooses, once', async ({ agent, visitor, server, watch }) => {
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await agent.say('Here is your answer');
  await visitor.hears('Here is your answer');
  await agent.end();
  await visitor.seesEnd();

  for (const typed of ['', 'no address']) {
    await email(visitor).fill(typed);
    await sendTranscript(visitor).click();
    await expect(visitor.face.getByText('Please enter an email address such as ada@example.com.')).toBeVisible();
    await expect(email(visitor)).toHaveValue(typed);
  }
  await email(visitor).fill('vera@example.com');
  await sendTranscript(visitor).dblclick();
  await expect(visitor.face.getByRole('status').filter({ hasText: 'Transcript sent to vera@example.com.' })).toBeVisible();
  await expect(agent.log.getByText(/asked for the transcript at vera@example.com/)).toBeVisible();
  watch.expect(answered(409, '/api/visitor/command'));
  await email(visitor).fill('vera@example.com');
  await sendTranscript(visitor).click();
  await expect(visitor.face.getByText('The transcript was sent to this address already.')).toBeVisible();
  await email(visitor).fill('other@example.com');
  await sendTranscript(visitor).click();
  await expect(visitor.face.getByText('Transcript sent to other@example.com.')).toBeVisible();

  await expect.poll(() => sentTo(server)).toEqual(['other@example.com', 'vera@example.com']);
  for (const mail of await mails(server)) {
    expect(mail.text).toContain('Here is your answer');
    expect(mail.text).not.toContain('asked for the transcript');
  }
});

test('who gave an address reads where the transcript goes, and can send it elsewhere too', async ({ chat: { visitor, agent }, server }) => {
  await agent.end();
  await expect(visitor.face.getByText('The transcript is on its way to vera@example.com.')).toBeVisible();
  await email(visitor).fill('vera@example.com');
  await sendTranscript(visitor).click();
  await expect(visitor.face.getByText('The transcript was sent to this address already.')).toBeVisible();
  await email(visitor).fill('boss@example.com');
  await sendTranscript(visitor).click();
  await expect(visitor.face.getByText('Transcript sent to boss@example.com.')).toBeVisible();
  await expect.poll(() => sentTo(server)).toEqual(['boss@example.com', 'vera@example.com']);
});

test('a chat that nobody answered is not rated; a new one can be started', async ({ agent, visitor }) => {
  await visitor.start({ name: 'Vera', message: 'Anybody?' });
  await agent.dismiss('Vera');
  await visitor.end();
  await visitor.seesEnd();
  await expect(sendTranscript(visitor)).toBeVisible();
  await expect(helpful(visitor)).toHaveCount(0);
  await visitor.startNewChat.click();
  await expect(visitor.face.getByRole('button', { name: 'Start chat' })).toBeVisible();
  await expect(visitor.face.getByRole('textbox', { name: 'Name' })).toHaveValue('Vera');
});

test('ratings and transcripts are refused where they have no place, with a sentence', async ({ server, apiAgent }) => {
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello');
  const ask = (command: object) => call(server, 'visitor/command', { chat, id: crypto.randomUUID(), command }, { token: vera.token });
  const rate = (more: object = {}) => ask({ type: 'rate', helpful: true, ...more });
  const transcript = (to: string) => ask({ type: 'request_transcript', email: to });
  expect(await rate()).toMatchObject({ status: 409, body: { refusal: { reason: 'not_ended' } } });
  expect(await transcript('vera@example.com')).toMatchObject({ status: 409, body: { refusal: { reason: 'not_ended' } } });
  await apiAgent.command(chat, { type: 'accept' });
  await apiAgent.command(chat, { type: 'end' });

  expect(await rate({ comment: 'x'.repeat(1_001) })).toMatchObject({ status: 422, body: { refusal: { reason: 'comment_too_long', max: 1_000 } } });
  expect((await rate({ comment: 'x'.repeat(1_000) })).status).toBe(200);
  for (const to of ['', 'a@b', 'a@b.de\r\nBcc: x@y.example']) {
    expect(await transcript(to)).toMatchObject({ status: 422, body: { refusal: { reason: 'invalid_email' } } });
  }
  for (const command of [{ type: 'rate', helpful: true }, { type: 'request_transcript', email: 'agent@example.com' }]) {
    expect(await apiAgent.call('agent/command', { chat, id: crypto.randomUUID(), command })).toMatchObject({ status: 403 });
  }
  // Nobody mails strangers without end by it.
  const answers = [];
  for (let stranger = 1; stranger <= 30; stranger++) answers.push((await transcript(`stranger${stranger}@example.com`)).status);
  expect(answers.at(0)).toBe(200);
  expect(answers.at(-1)).not.toBe(200);
});
