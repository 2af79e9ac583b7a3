import { expect, test } from '../support/test';

test('the list and the title count what the agent has not read', async ({ chat: { visitor, agent }, newVisitor }) => {
  const other = await newVisitor();
  await other.start({ name: 'Otto', message: 'Hi' });
  await agent.accept('Otto');
  await agent.tab('Mine').click();
  await expect(agent.row('Vera')).not.toHaveAccessibleName(/unread/);
  await expect(agent.page).not.toHaveTitle(/\d/);

  await visitor.say('One');
  await expect(agent.row('Vera')).toHaveAccessibleName(/One.*1 unread/);
  await expect(agent.page).toHaveTitle(/\b1\b/);
  await visitor.say('Two');
  await expect(agent.row('Vera')).toHaveAccessibleName(/Two.*2 unread/);
  await expect(agent.page).toHaveTitle(/\b2\b/);

  await agent.openChat('Vera');
  await agent.hears('Two');
  await expect(agent.row('Vera')).not.toHaveAccessibleName(/unread/);
  await expect(agent.page).not.toHaveTitle(/\d/);
});

test('the launcher counts what the visitor has not read', async ({ chat: { visitor, agent } }) => {
  await visitor.closeChat();
  await agent.say('One');
  await expect(visitor.open).toHaveAccessibleDescription(/^1 unread/);
  await agent.say('Two');
  await expect(visitor.open).toHaveAccessibleDescription(/^2 unread/);
  await visitor.goTo('Pricing');
  await expect(visitor.open).toHaveAccessibleDescription(/^2 unread/);

  await visitor.openChat();
  await visitor.hears('Two');
  await agent.sees('Read', 'Two');
  await visitor.closeChat();
  await expect(visitor.open).toHaveAccessibleDescription('');
});
