import { expect, test } from '../support/test';

test('the agent ends the chat for both sides, after a confirmation', async ({ chat: { visitor, agent } }) => {
  await agent.endChat.click();
  await agent.endDialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(agent.endDialog).toBeHidden();
  await agent.say('Not yet');
  await visitor.hears('Not yet');

  await agent.end();
  await agent.seesEnd();
  await visitor.seesEnd();
  await visitor.hears('Not yet');
  await agent.tab('Ended').click();
  await expect(agent.row('Vera')).toBeVisible();
});

test('the visitor ends the chat for both sides, after a confirmation', async ({ chat: { visitor, agent } }) => {
  await visitor.endChat.click();
  await visitor.endDialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(visitor.endDialog).toBeHidden();
  await visitor.say('Not yet');
  await agent.hears('Not yet');

  await visitor.end();
  await visitor.seesEnd();
  await agent.seesEnd();
});

test('a visitor whom nobody answers can end the chat, and it rings no more', async ({ visitor, agent }) => {
  await visitor.start({ name: 'Vera', message: 'Anybody?' });
  await expect(agent.ring('Vera')).toBeVisible();
  await visitor.end();
  await visitor.seesEnd();
  await expect(agent.ring()).toHaveCount(0);
});

test('after the end a new chat can be started', async ({ chat: { visitor, agent } }) => {
  await agent.end();
  await visitor.startNewChat.click();
  await visitor.box.fill('One more thing');
  await visitor.face.getByRole('button', { name: 'Start chat' }).click();
  await expect(visitor.findingAgent).toBeVisible();
  await agent.accept();
  await agent.hears('One more thing');
  await expect(agent.message('Hello')).toHaveCount(0);
});
