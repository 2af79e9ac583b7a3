import { Agent } from '../support/agent';
import type { Side } from '../support/side';
import { expect, test } from '../support/test';
import { Visitor } from '../support/visitor';
import { serverIsDown } from '../support/watch';

/** Both sides have found back, and nothing is on its way any more. */
async function isCalm(...sides: Side[]): Promise<void> {
  for (const side of sides) {
    await expect(side.reconnecting).toBeHidden({ timeout: 30_000 });
    await expect(side.log.getByRole('img', { name: 'Sending' })).toHaveCount(0, { timeout: 30_000 });
    await expect(side.log.getByRole('img', { name: 'Failed' })).toHaveCount(0);
  }
}

/** The browser may still be on its way to its own error page, which would interrupt this. */
async function comeBack(go: () => Promise<unknown>): Promise<void> {
  await expect(async () => {
    await go();
  }).toPass({ timeout: 20_000 });
}

/** All sides show these messages, each once, in one order; returns it. */
async function agree(texts: string[], ...sides: Side[]): Promise<string[]> {
  for (const side of sides) {
    await expect.poll(async () => (await side.order(texts)).toSorted(), { timeout: 20_000 }).toEqual(texts.toSorted());
  }
  const [first, ...others] = await Promise.all(sides.map((side) => side.order(texts)));
  for (const other of others) expect(other).toEqual(first);
  return first;
}

test('after the server was killed both reconnect by themselves and everything arrives once and in order', async ({ chat: { visitor, agent }, server, watch }) => {
  await agent.say('Before it');
  await visitor.hears('Before it');

  await watch.expectWhile(serverIsDown, async () => {
    await server.kill();
    await expect(visitor.reconnecting).toBeVisible();
    await expect(agent.reconnecting).toBeVisible();
    for (const n of [1, 2, 3]) {
      await visitor.say(`Visitor ${n}`);
      await visitor.sees('Sending', `Visitor ${n}`);
      await agent.say(`Agent ${n}`);
      await agent.sees('Sending', `Agent ${n}`);
    }
    await server.restart();
    await isCalm(visitor, agent);
  });

  const written = ['Visitor 1', 'Visitor 2', 'Visitor 3', 'Agent 1', 'Agent 2', 'Agent 3'];
  const order = await agree(['Hello', 'Before it', ...written], visitor, agent);
  expect(order.slice(0, 2)).toEqual(['Hello', 'Before it']);
  expect(order.filter((text) => text.startsWith('Visitor'))).toEqual(written.slice(0, 3));
  expect(order.filter((text) => text.startsWith('Agent'))).toEqual(written.slice(3));

  await visitor.say('Afterwards');
  await agent.hears('Afterwards');
  await visitor.page.reload();
  await visitor.hears('Afterwards');
  expect(await visitor.order(order)).toEqual([...order, expect.stringContaining('Afterwards')]);
});

/** The next command with this text reaches the disk, but its answer does not come back. */
async function loseAnswer(side: Side, text: string): Promise<void> {
  let lost = false;
  await side.page.route('**/api/*/command', async (route) => {
    if (lost || !route.request().postData()?.includes(text)) return route.continue();
    lost = true;
    await route.fetch();
    await route.abort('connectionreset');
  });
}

test('a message whose answer got lost with the server is not doubled', async ({ chat: { visitor, agent }, server, watch }) => {
  for (const side of [visitor, agent]) await loseAnswer(side, 'Acknowledged?');
  await watch.expectWhile(serverIsDown, async () => {
    await visitor.say('Acknowledged? (visitor)');
    await agent.say('Acknowledged? (agent)');
    await visitor.hears('Acknowledged? (agent)');
    await agent.hears('Acknowledged? (visitor)');
    await server.kill();
    await expect(visitor.reconnecting).toBeVisible();
    await server.restart();
    await isCalm(visitor, agent);
  });
  await agree(['Hello', 'Acknowledged? (visitor)', 'Acknowledged? (agent)'], visitor, agent);
});

test('what the visitor wrote while the server was down survives leaving the page', async ({ chat: { visitor, agent }, server, watch }) => {
  await watch.expectWhile([...serverIsDown, /net::ERR_CONNECTION_REFUSED/], async () => {
    await server.kill();
    await expect(visitor.reconnecting).toBeVisible();
    await visitor.say('Do not lose me');
    await visitor.sees('Sending', 'Do not lose me');
    await expect(visitor.page.reload()).rejects.toThrow('ERR_CONNECTION_REFUSED');
    await server.restart();
    await comeBack(() => visitor.visit());
    await isCalm(visitor, agent);
  });
  await agree(['Hello', 'Do not lose me'], visitor, agent);
});

test('what the agent wrote while the server was down survives leaving the page', async ({ chat: { visitor, agent }, server, watch }) => {
  const chat = agent.page.url();
  await watch.expectWhile([...serverIsDown, /net::ERR_CONNECTION_REFUSED/], async () => {
    await server.kill();
    await expect(agent.reconnecting).toBeVisible();
    await agent.say('Do not lose me');
    await agent.sees('Sending', 'Do not lose me');
    await expect(agent.page.reload()).rejects.toThrow('ERR_CONNECTION_REFUSED');
    await server.restart();
    await comeBack(() => agent.page.goto(chat));
    await isCalm(visitor, agent);
  });
  await agree(['Hello', 'Do not lose me'], visitor, agent);
});

test('a chat that waits goes on waiting, and ringing, after the server was killed', async ({ visitor, agent, server, watch }) => {
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await expect(agent.ring('Vera')).toBeVisible();
  await watch.expectWhile(serverIsDown, async () => {
    await server.kill();
    await expect(visitor.reconnecting).toBeVisible();
    await expect(agent.reconnecting).toBeVisible();
    await server.restart();
    await expect(visitor.reconnecting).toBeHidden({ timeout: 30_000 });
    await expect(agent.reconnecting).toBeHidden({ timeout: 30_000 });
  });
  await expect(visitor.findingAgent).toBeVisible();
  await agent.accept('Vera');
  await agent.say('Here I am');
  await visitor.hears('Here I am');
});

test('a server that is stopped in good order says so, and both come back', async ({ chat: { visitor, agent }, server, watch }) => {
  await watch.expectWhile(serverIsDown, async () => {
    await server.stop();
    await expect(visitor.reconnecting).toBeVisible();
    await expect(agent.reconnecting).toBeVisible();
    await server.restart();
    await isCalm(visitor, agent);
  });
  await visitor.say('Welcome back');
  await agent.hears('Welcome back');
});

test('two tabs of a visitor and two consoles of an agent stay in step', async ({ chat: { visitor, agent }, server, watch }) => {
  const tab = new Visitor(await visitor.page.context().newPage());
  await tab.visit();
  await tab.openChat();
  const console = new Agent(await agent.page.context().newPage(), agent.account);
  await console.page.goto(agent.page.url());

  await tab.say('From the second tab');
  await console.say('From the second console');
  await visitor.say('From the first tab');
  await agent.say('From the first console');
  const said = ['Hello', 'From the second tab', 'From the second console', 'From the first tab', 'From the first console'];
  await agree(said, visitor, tab, agent, console);

  await watch.expectWhile(serverIsDown, async () => {
    await server.kill();
    await expect(visitor.reconnecting).toBeVisible();
    await expect(tab.reconnecting).toBeVisible();
    await visitor.say('First tab, offline');
    await tab.say('Second tab, offline');
    await server.restart();
    await isCalm(visitor, tab, agent, console);
  });
  await agree([...said, 'First tab, offline', 'Second tab, offline'], visitor, tab, agent, console);

  await agent.end();
  await console.seesEnd();
  await visitor.seesEnd();
  await tab.seesEnd();
});
