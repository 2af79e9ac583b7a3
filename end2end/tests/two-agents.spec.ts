import { Agent } from '../support/agent';
import { holdCommands } from '../support/hold';
import { expect, test } from '../support/test';
import { answered } from '../support/watch';

test('of two agents who accept at once one gets the chat and the other is told who', async ({ newAgent, visitor, watch }) => {
  watch.expect(answered(409, '/api/agent/command'));
  const agents = [await newAgent('Anna Berg'), await newAgent('Ben Okafor')];
  await visitor.start({ name: 'Vera', message: 'Hello' });

  const accepts = await holdCommands(agents.map(({ page }) => page), '"accept"');
  for (const agent of agents) await agent.ring('Vera').getByRole('button', { name: 'Accept' }).click();
  await expect.poll(() => accepts.count()).toBe(2);
  accepts.release();

  await expect(visitor.findingAgent).toBeHidden();
  const won = await visitor.log.getByText(/joined/).innerText();
  const [winner, loser] = won.includes('Anna') ? agents : agents.toReversed();
  await expect(loser.page.getByText(new RegExp(`${winner.name} (has already )?accepted this chat`))).toBeVisible();
  await expect(loser.ring()).toHaveCount(0);
  await expect(winner.ring()).toHaveCount(0);
  await expect(winner.box).toBeVisible();
  await expect(loser.box).toBeHidden();

  await winner.say('How can I help?');
  await visitor.hears('How can I help?');
});

test('a chat that one agent accepts stops ringing at the other', async ({ newAgent, visitor }) => {
  const [anna, ben] = [await newAgent('Anna Berg'), await newAgent('Ben Okafor')];
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await expect(anna.ring('Vera')).toBeVisible();
  await expect(ben.ring('Vera')).toBeVisible();
  await anna.accept('Vera');
  await expect(ben.ring()).toHaveCount(0);
  await ben.tab('All open').click();
  await expect(ben.row('Vera')).toContainText('Anna Berg');
});

test('a dismissed chat is left to the others, in all windows of the agent', async ({ newAgent, visitor }) => {
  const [anna, ben] = [await newAgent('Anna Berg'), await newAgent('Ben Okafor')];
  const annasOther = new Agent(await anna.page.context().newPage(), anna.account);
  await annasOther.page.goto('/console');
  await annasOther.isAtConsole();

  await visitor.start({ name: 'Vera', message: 'Hello' });
  await expect(anna.ring('Vera')).toBeVisible();
  await expect(annasOther.ring('Vera')).toBeVisible();
  await anna.dismiss('Vera');
  await expect(anna.ring()).toHaveCount(0);
  await expect(annasOther.ring()).toHaveCount(0);
  await expect(ben.ring('Vera')).toBeVisible();

  await anna.page.reload();
  await anna.isAtConsole();
  await anna.tab('Waiting').click();
  await expect(anna.row('Vera')).toBeVisible();
  await expect(anna.ring()).toHaveCount(0);
  await ben.accept('Vera');
});

test('who is not available is not rung, and may still take a chat from the list', async ({ newAgent, visitor }) => {
  const [anna, ben] = [await newAgent('Anna Berg'), await newAgent('Ben Okafor')];
  await anna.available.click();
  await expect(anna.available).not.toBeChecked();

  await visitor.start({ name: 'Vera', message: 'Hello' });
  await expect(ben.ring('Vera')).toBeVisible();
  await anna.tab('Waiting').click();
  await expect(anna.row('Vera')).toBeVisible();
  await expect(anna.ring()).toHaveCount(0);

  await anna.openChat('Vera');
  await anna.say('At your service');
  await visitor.hears('At your service');
  await expect(ben.ring()).toHaveCount(0);
});

test('the switch is the same in all windows of the agent, and stays', async ({ agent }) => {
  const other = new Agent(await agent.page.context().newPage(), agent.account);
  await other.page.goto('/console');
  await expect(other.available).toBeChecked();
  await agent.available.click();
  await expect(other.available).not.toBeChecked();
  await agent.page.reload();
  await expect(agent.available).not.toBeChecked();
});

test('chats that wait together ring together, each for itself', async ({ agent, visitor, newVisitor }) => {
  const otto = await newVisitor();
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await otto.start({ name: 'Otto', message: 'Moin' });
  await expect(agent.ring()).toHaveCount(2);
  await agent.accept('Otto');
  await agent.hears('Moin');
  await expect(agent.ring()).toHaveCount(1);
  await expect(agent.ring('Vera')).toBeVisible();
});
