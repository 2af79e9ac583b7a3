import type { Agent } from '../support/agent';
import { expect, test } from '../support/test';
import type { Visitor } from '../support/visitor';

/** More than fits into the panel. */
async function talkAtLength(agent: Agent, visitor: Visitor): Promise<void> {
  for (let point = 1; point <= 4; point++) {
    await agent.say(`Point ${point}:\n${'and so on\n'.repeat(12)}end of point ${point}`);
    await visitor.hears(`end of point ${point}`);
  }
}

test('the log stays at its end, also while the box grows', async ({ chat: { visitor, agent } }) => {
  await talkAtLength(agent, visitor);
  await agent.say('The latest');
  await expect(visitor.message('The latest')).toBeInViewport({ ratio: 1 });
  for (const line of ['one', 'two', 'three', 'four']) {
    await visitor.box.pressSequentially(line);
    await visitor.box.press('Shift+Enter');
  }
  await expect(visitor.message('The latest')).toBeInViewport({ ratio: 1 });
  await visitor.page.setViewportSize({ width: 1200, height: 560 });
  await expect(visitor.message('The latest')).toBeInViewport({ ratio: 1 });
});

test('who has scrolled up is left there, and what comes below is not read until it is seen', async ({ chat: { visitor, agent } }) => {
  await talkAtLength(agent, visitor);
  await agent.sees('Read', 'end of point 4');
  await visitor.log.hover();
  await visitor.page.mouse.wheel(0, -100_000);
  await expect(visitor.message('Hello')).toBeInViewport();

  await agent.say('Below all that');
  await agent.sees('Delivered', 'Below all that');
  await agent.say('And below that');
  await agent.sees('Delivered', 'And below that');
  await agent.sees('Delivered', 'Below all that');
  await expect(visitor.message('Hello')).toBeInViewport();
  await expect(visitor.message('And below that')).not.toBeInViewport();

  const latest = visitor.face.getByRole('button', { name: 'New messages' });
  await latest.click();
  await expect(visitor.message('And below that')).toBeInViewport();
  await expect(latest).toBeHidden();
  await agent.sees('Read', 'Below all that');
  await agent.sees('Read', 'And below that');
});

/** From now on, notes the messages that a screen reader is told of: those that are put into the log. */
async function listen(side: Agent | Visitor): Promise<() => Promise<string[]>> {
  await side.log.evaluate((log) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) {
        if (!(node instanceof Element) || node.closest('[aria-live="off"]')) continue;
        const articles = node.matches('article') ? [node] : [...node.querySelectorAll('article')];
        heard.push(...articles.map((article) => article.textContent ?? ''));
      }
    }).observe(log, { childList: true, subtree: true });
  });
  return () => side.log.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

test('each message is announced once, also to the one who wrote it', async ({ chat: { visitor, agent } }) => {
  const heard = [await listen(visitor), await listen(agent)];
  await visitor.say('From the visitor');
  await agent.hears('From the visitor');
  await visitor.sees('Read', 'From the visitor');
  await agent.say('From the agent');
  await visitor.hears('From the agent');
  await agent.sees('Read', 'From the agent');
  for (const told of heard) {
    const all = await told();
    for (const text of ['From the visitor', 'From the agent']) {
      expect(all.filter((article) => article.includes(text))).toHaveLength(1);
    }
  }
});

test('a message of the visitor is one element from the moment it is written', async ({ chat: { visitor, agent } }) => {
  await visitor.page.route('**/api/visitor/command', async (route) => {
    if (!route.request().postData()?.includes('Written slowly')) return route.continue();
    await written;
    return route.continue();
  });
  let goOn = () => {};
  const written = new Promise<void>((resolve) => (goOn = resolve));
  await visitor.say('Written slowly');
  await visitor.sees('Sending', 'Written slowly');
  await visitor.message('Written slowly').evaluate((article) => Object.assign(article, { first: true }));
  goOn();
  await agent.hears('Written slowly');
  await visitor.sees('Read', 'Written slowly');
  expect(await visitor.message('Written slowly').evaluate((article) => 'first' in article)).toBe(true);
});
