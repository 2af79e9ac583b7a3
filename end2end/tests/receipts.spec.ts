import type { Locator } from '@playwright/test';
import { toBackground } from '../support/background';
import { holdCommands } from '../support/hold';
import { expect, test } from '../support/test';

/** A clock that shows another time than the server's. */
const timezoneId = 'Asia/Kolkata';

/** The colour of a sign as red, green and blue, and its strokes. */
async function looks(sign: Locator): Promise<{ colour: [number, number, number]; strokes: string }> {
  return sign.evaluate((element) => {
    const [red, green, blue] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number);
    return { colour: [red, green, blue], strokes: element.innerHTML };
  });
}

test('a message goes from Sending over Sent and Delivered to Read', async ({ chat: { visitor, agent } }) => {
  await visitor.closeChat();
  await visitor.page.goto('about:blank');

  const held = await holdCommands([agent.page], 'Where are you');
  await agent.say('Where are you?');
  await agent.sees('Sending', 'Where are you?');
  held.release();
  await agent.sees('Sent', 'Where are you?');
  const sent = await looks(agent.tick('Where are you?'));

  await visitor.visit();
  await agent.sees('Delivered', 'Where are you?');
  const delivered = await looks(agent.tick('Where are you?'));

  await visitor.openChat();
  await agent.sees('Read', 'Where are you?');
  const read = await looks(agent.tick('Where are you?'));
  // Two ticks instead of one, which turn green.
  expect(delivered.strokes).not.toBe(sent.strokes);
  expect(read.strokes).toBe(delivered.strokes);
  expect(delivered.colour).toEqual(sent.colour);
  expect(Math.max(...delivered.colour) - Math.min(...delivered.colour)).toBeLessThan(24);
  const [red, green, blue] = read.colour;
  expect(green).toBeGreaterThan(Math.max(red, blue) + 40);
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

  // Who comes by keyboard sees what others see by pointing at it.
  const tooltip = () => agent.tick('Seen?').evaluate((tick) => getComputedStyle(tick, '::after').content);
  expect(await tooltip()).toBe('none');
  await agent.page.keyboard.press('Tab');
  await agent.tick('Seen?').focus();
  await expect(agent.tick('Seen?')).toBeFocused();
  expect(await tooltip()).toBe(JSON.stringify(title));
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
