import { toBackground } from '../support/background';
import { holdCommands } from '../support/hold';
import { expect, test } from '../support/test';

/** A clock that shows another time than the server's. */
const timezoneId = 'Asia/Kolkata';

test('a message goes from Sending over Sent and Delivered to Read', async ({ chat: { visitor, agent } }) => {
  await visitor.closeChat();
  await visitor.page.goto('about:blank');

  const held = await holdCommands([agent.page], 'Where are you');
  await agent.say('Where are you?');
  await agent.sees('Sending', 'Where are you?');
  held.release();
  await agent.sees('Sent', 'Where are you?');

  await visitor.visit();
  await agent.sees('Delivered', 'Where are you?');

  await visitor.openChat();
  await agent.sees('Read', 'Where are you?');
});

test('the visitor sees the same of what they wrote', async ({ chat: { visitor, agent } }) => {
  const toFront = await toBackground(agent.page);
  const sending = await holdCommands([visitor.page], 'Where are you');
  const delivering = await holdCommands([agent.page], 'mark_delivered');

  await visitor.say('Where are you?');
  await visitor.sees('Sending', 'Where are you?');
  sending.release();
  await agent.hears('Where are you?');
  await visitor.sees('Sent', 'Where are you?');
  delivering.release();
  await visitor.sees('Delivered', 'Where are you?');
  await toFront();
  await visitor.sees('Read', 'Where are you?');
});

test('a message that is read says when, in local time', async ({ newAgent, visitor }) => {
  const agent = await newAgent('Anna Berg', { timezoneId });
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await agent.say('Seen?');
  await agent.sees('Read', 'Seen?');

  const title = (await agent.tick('Seen?').getAttribute('title')) ?? '';
  const clock = /^Read at (\d{1,2}):(\d{2})(?:\s?([AP]M))?$/.exec(title);
  expect(clock, title).not.toBeNull();
  const [, hour, minute, half] = clock!;
  const shown = ((Number(hour) % (half ? 12 : 24)) + (half === 'PM' ? 12 : 0)) * 60 + Number(minute);
  const now = new Date(Date.now() + 330 * 60_000);
  const ago = (now.getUTCHours() * 60 + now.getUTCMinutes() - shown + 1_440) % 1_440;
  expect(ago, `${title}, and in Kolkata it is ${now.toISOString().slice(11, 16)}`).toBeLessThanOrEqual(1);

  await agent.tick('Seen?').focus();
  await expect(agent.tick('Seen?')).toBeFocused();
});

test('a message is not read while the chat is closed', async ({ chat: { visitor, agent } }) => {
  await visitor.closeChat();
  await agent.say('First');
  await agent.sees('Delivered', 'First');
  await agent.say('Second');
  await agent.sees('Delivered', 'Second');
  await agent.sees('Delivered', 'First');
  await visitor.openChat();
  await agent.sees('Read', 'First');
  await agent.sees('Read', 'Second');
});

test('a message is not read while the visitor is busy beside the chat', async ({ chat: { visitor, agent } }) => {
  await visitor.clickBesideChat();
  await agent.say('First');
  await visitor.hears('First');
  await agent.sees('Delivered', 'First');
  await agent.say('Second');
  await agent.sees('Delivered', 'Second');
  await agent.sees('Delivered', 'First');
  await visitor.box.focus();
  await agent.sees('Read', 'First');
  await agent.sees('Read', 'Second');
});

test('a message is not read while the window is in the background', async ({ chat: { visitor, agent } }) => {
  const toFront = await toBackground(visitor.page);
  await agent.say('First');
  await visitor.hears('First');
  await agent.sees('Delivered', 'First');
  await agent.say('Second');
  await agent.sees('Delivered', 'Second');
  await agent.sees('Delivered', 'First');
  await toFront();
  await agent.sees('Read', 'First');
  await agent.sees('Read', 'Second');
});
