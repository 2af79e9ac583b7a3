import { Agent } from '../support/agent';
import { ApiVisitor } from '../support/api';
import { listen, type Note, played } from '../support/sound';
import { expect, test } from '../support/test';

test('the address names the chat: it can be reloaded, shared and gone back from', async ({ agent, server }) => {
  await new ApiVisitor(server).start('From Vera', { name: 'Vera' });
  await new ApiVisitor(server).start('From Otto', { name: 'Otto' });
  await agent.dismiss('Vera');
  await agent.dismiss('Otto');
  await agent.tab('Waiting').click();

  await agent.openChat('Vera');
  await agent.hears('From Vera');
  await agent.tab('Waiting').click();
  await agent.openChat('Otto');
  await agent.hears('From Otto');
  await agent.page.reload();
  await agent.hears('From Otto');

  const shared = new Agent(await agent.page.context().newPage(), agent.account);
  await shared.page.goto(agent.page.url());
  await shared.hears('From Otto');

  await agent.page.goBack();
  await agent.hears('From Vera');
  await expect(agent.message('From Otto')).toHaveCount(0);
  await agent.page.goBack();
  await expect(agent.page).toHaveURL(/\/console$/);
  await expect(agent.log).toBeHidden();
});

test('an address that leads to no chat says so', async ({ agent }) => {
  await agent.page.goto('/console/chats/4711');
  await expect(agent.page.getByRole('heading', { name: 'There is no such chat' })).toBeVisible();
  await agent.page.goto('/console/nowhere');
  await expect(agent.page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
});

test('a chat that waits rings and a message knocks, as loud as is set, and not at all at the lowest end', async ({ agent, server }) => {
  const { page } = agent;
  const volume = page.getByRole('slider', { name: 'Sound volume' });
  const heard = (...notes: Note[]) => expect.poll(() => played(page)).toEqual(notes);
  await listen(page);
  await agent.connects(async () => void (await page.reload()));
  // A browser plays nothing on a page that nobody has touched.
  await agent.tab('Waiting').click();

  await volume.fill('0');
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello', { name: 'Vera' });
  await expect(agent.ring('Vera')).toBeVisible();
  expect(await played(page)).toEqual([]);
  await volume.fill('100');
  await heard([880, 0.25], [1_175, 0.25]);
  await agent.accept('Vera');
  await agent.hears('Hello');
  await page.getByRole('link', { name: 'Tickets' }).click();
  await expect(page).toHaveTitle('Frontdesk');
  await played(page);

  await vera.send(chat, 'Anybody?');
  await heard([659, 0.25]);
  await volume.fill('0');
  await vera.send(chat, 'Nobody?');
  await expect(page).toHaveTitle('(2) Frontdesk');
  expect(await played(page)).toEqual([]);
  await volume.fill('40');
  await vera.send(chat, 'Hello?');
  await heard([659, 0.1]);
});

test('the sound of new chats can be set, and stays as set', async ({ agent }) => {
  const volume = agent.page.getByRole('slider', { name: 'Sound volume' });
  await volume.fill('15');
  await agent.page.reload();
  await expect(volume).toHaveValue('15');
});
