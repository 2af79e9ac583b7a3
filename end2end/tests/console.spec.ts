import { Agent } from '../support/agent';
import { ApiVisitor } from '../support/api';
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

test('the sound of new chats can be set, and stays as set', async ({ agent }) => {
  const volume = agent.page.getByRole('slider', { name: 'Sound volume' });
  await volume.fill('15');
  await agent.page.reload();
  await expect(volume).toHaveValue('15');
});
