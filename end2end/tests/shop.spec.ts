import { expect, test } from '../support/test';
import { Visitor } from '../support/visitor';

test('the agent sees which page the visitor opens, and the visitor does not', async ({ chat: { visitor, agent } }) => {
  const received: string[] = [];
  visitor.page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => received.push(String(payload)));
  });
  await visitor.goTo('Pricing');
  await expect(visitor.page).toHaveURL(/\/demo\/pricing$/);
  const title = await visitor.page.title();
  expect(title).not.toBe('');

  const view = agent.log.getByRole('paragraph').filter({ hasText: title });
  await expect(view).toHaveCount(1);
  await expect(view).toContainText('/demo/pricing');
  await expect(view).toContainText(/\d{1,2}:\d{2}/);

  // What is said after it has arrived: so nothing of the page view is still on its way.
  await agent.say('Shall I explain the prices?');
  await visitor.hears('Shall I explain the prices?');
  await expect(visitor.log).not.toContainText(title);
  await expect(visitor.log).not.toContainText('/demo/pricing');
  expect(received.join('\n')).toContain('Shall I explain the prices?');
  expect(received.join('\n')).not.toContain('/demo/pricing');
});

test('a reload of the shop is no new page view', async ({ chat: { visitor, agent } }) => {
  await visitor.goTo('Pricing');
  const title = await visitor.page.title();
  const views = agent.log.getByRole('paragraph').filter({ hasText: title });
  await expect(views).toHaveCount(1);
  await visitor.page.reload();
  await visitor.hears('Hello');
  await visitor.goTo('Contact');
  await expect(agent.log.getByRole('paragraph').filter({ hasText: '/demo/contact' })).toHaveCount(1);
  await expect(views).toHaveCount(1);
});

test('the chat goes on from page to page', async ({ chat: { visitor, agent } }) => {
  await visitor.goTo('Pricing');
  await expect(visitor.close).toBeVisible();
  await visitor.hears('Hello');
  await agent.say('Still there?');
  await visitor.hears('Still there?');
  await visitor.goTo('Contact');
  await visitor.hears('Still there?');
  await visitor.say('Yes, here.');
  await agent.hears('Yes, here.');
});

test('a reload keeps the conversation, on both sides', async ({ chat: { visitor, agent } }) => {
  await agent.say('From the agent');
  await visitor.hears('From the agent');
  await visitor.say('From the visitor');
  await agent.hears('From the visitor');
  const conversation = ['Hello', 'From the agent', 'From the visitor'];

  await visitor.page.reload();
  await visitor.hears('From the visitor');
  expect(await visitor.order(conversation)).toEqual(conversation);
  await agent.page.reload();
  await agent.hears('From the visitor');
  expect(await agent.order(conversation)).toEqual(conversation);

  await visitor.say('After the reload');
  await agent.hears('After the reload');
  await agent.say('Here as well');
  await visitor.hears('Here as well');
});

test('a visitor who closes the chat and the tab finds it again', async ({ chat: { visitor, agent } }) => {
  await visitor.closeChat();
  const back = new Visitor(await visitor.page.context().newPage());
  await visitor.page.close();
  await back.visit();
  await back.openChat();
  await back.hears('Hello');
  await back.say('I am back');
  await agent.hears('I am back');
});

test('nothing is sent for a visitor who only looks around', async ({ visitor }) => {
  const requests: string[] = [];
  visitor.page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await visitor.goTo('Pricing');
  await expect(visitor.page).toHaveURL(/\/demo\/pricing$/);
  await expect(visitor.open).toBeVisible();
  await visitor.goTo('Contact');
  await expect(visitor.page).toHaveURL(/\/demo\/contact$/);
  await expect(visitor.open).toBeVisible();
  expect(requests.filter((path) => /^\/(api|live|widget|assets)/.test(path))).toEqual([]);
  expect(await visitor.page.context().cookies()).toEqual([]);
});
