import { expect, test } from '../support/test';
import { noNetwork } from '../support/watch';

test('without a network both sides say so at once, and what is written leaves by itself, once', async ({ chat: { visitor, agent }, watch }) => {
  for (const [side, other, text] of [
    [visitor, agent, 'Written by a visitor without a network'],
    [agent, visitor, 'Written by an agent without a network'],
  ] as const) {
    await watch.expectWhile(noNetwork, async () => {
      await side.page.context().setOffline(true);
      await expect(side.offline).toBeVisible();
      await side.say(text);
      await side.sees('Sending', text);
      await side.page.context().setOffline(false);
      await expect(side.offline).toBeHidden();
      await expect(side.reconnecting).toBeHidden({ timeout: 30_000 });
      await expect(side.tick(text)).toHaveAccessibleName(/^(Sent|Delivered|Read)$/, { timeout: 30_000 });
    });
    await other.hears(text);
    await side.hears(text);
  }
  const order = ['Hello', 'Written by a visitor without a network', 'Written by an agent without a network'];
  expect(await visitor.order(order)).toEqual(order);
  expect(await agent.order(order)).toEqual(order);
});

test('a form without a network says so and is sent when there is one, and a chat that has ended says so, too', async ({ agent, visitor, watch }) => {
  const network = (there: boolean) => visitor.page.context().setOffline(!there);
  const start = visitor.face.getByRole('button', { name: 'Start chat' });
  await visitor.openChat();
  await visitor.face.getByRole('textbox', { name: 'Name' }).fill('Vera');
  await visitor.box.fill('From the form');
  await expect(visitor.offline).toBeHidden();
  await watch.expectWhile(noNetwork, async () => {
    await network(false);
    await expect(visitor.offline).toBeVisible();
    await start.click();
    await expect(visitor.face.getByRole('status').filter({ hasText: 'Sends when the connection is back…' })).toBeVisible();
    await network(true);
    await expect(visitor.offline).toBeHidden();
  });
  await expect(visitor.findingAgent).toBeVisible();
  await agent.accept('Vera');
  await visitor.hears('From the form');
  await agent.hears('From the form');

  await agent.end();
  await visitor.seesEnd();
  await watch.expectWhile(noNetwork, async () => {
    await network(false);
    await expect(visitor.offline).toBeVisible();
    await network(true);
    await expect(visitor.offline).toBeHidden();
  });
});
