import type { Locator } from '@playwright/test';
import type { Agent } from '../support/agent';
import { ApiVisitor, call } from '../support/api';
import { expect, test } from '../support/test';

const box = (agent: Agent): Locator => agent.page.getByRole('searchbox', { name: 'Search ended chats' });
const found = (agent: Agent): Locator => agent.page.getByRole('list', { name: 'Chats' }).getByRole('link');
const marked = (agent: Agent): Locator => found(agent).getByRole('mark');

test('ended chats are found by what was said and by who said it, and can be read', async ({ chat: { visitor, agent }, server }) => {
  await agent.say('The Zürich warehouse ships on Mondays');
  await visitor.hears('The Zürich warehouse');
  await agent.end();
  const otto = new ApiVisitor(server);
  await otto.command(await otto.start('My teapot arrived broken', { name: 'Otto' }), { type: 'end' });
  await new ApiVisitor(server).start('The warehouse is still open', { name: 'Olga' });
  await agent.dismiss('Olga');

  await agent.tab('Ended').click();
  await expect(found(agent)).toHaveCount(2);
  for (const [words, name, hits] of [
    ['warehouse', 'Vera', ['warehouse']],
    ['mondays zurich', 'Vera', ['Zürich', 'Mondays']],
    ['teap', 'Otto', ['teapot']],
    ['vera@example', 'Vera', []],
    ['otto', 'Otto', []],
  ] as [string, string, string[]][]) {
    await box(agent).fill(words);
    await expect(found(agent)).toHaveCount(1);
    await expect(found(agent)).toContainText(name);
    if (hits.length) await expect(marked(agent)).toHaveText(hits);
  }
  await box(agent).fill('warehouse teapot');
  await expect(agent.page.getByRole('heading', { name: 'No chat matches' })).toBeVisible();
  await expect(found(agent)).toHaveCount(0);
  await agent.page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(box(agent)).toHaveValue('');
  await expect(found(agent)).toHaveCount(2);

  await box(agent).fill('warehouse');
  await expect(marked(agent)).toHaveText('warehouse');
  await found(agent).click();
  await agent.hears('The Zürich warehouse');
  await agent.seesEnd();
  await expect(agent.page.getByText('This chat has ended and can only be read.')).toBeVisible();
});

test('whatever is typed is searched for as words, and what is found is shown as text', async ({ agent, server }) => {
  const code = '<img src=x onerror=owned=1>';
  const vera = new ApiVisitor(server);
  const chat = await vera.start(`say "hello" to ${code} and 100% of C++`, { name: `Vera ${code}` });
  await vera.command(chat, { type: 'end' });
  await agent.tab('Ended').click();
  await expect(agent.row('Vera')).toBeVisible();
  for (const words of ['"hello', 'hello"', code, '100%', 'C++', 'onerror=']) {
    await box(agent).fill(words);
    await expect(agent.page.getByText('1 chat found')).toBeVisible();
    await expect(found(agent)).toContainText(code);
    await expect(marked(agent).first()).toBeVisible();
  }
  for (const words of ['hello OR nothing', 'NOT hello', 'text:hello', 'hello NEAR x', '{', '-', '*', "') --", 'x'.repeat(200)]) {
    await box(agent).fill(words);
    await expect(agent.page.getByRole('heading', { name: 'No chat matches' })).toBeVisible();
  }
  expect(await agent.page.evaluate(() => 'owned' in window)).toBe(false);
});

test('only agents search', async ({ server, apiAgent }) => {
  const vera = new ApiVisitor(server);
  await vera.start('A secret');
  const search = { words: 'secret', before: null };
  expect((await call(server, 'agent/search', search)).status).toBe(401);
  expect((await call(server, 'agent/search', search, { token: vera.token })).status).toBe(401);
  expect(await apiAgent.call('agent/search', search)).toEqual({ status: 200, body: [] });
});
