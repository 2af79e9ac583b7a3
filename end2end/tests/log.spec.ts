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
