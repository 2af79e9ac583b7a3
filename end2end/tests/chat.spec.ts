import { expect, test } from '../support/test';
import { backgroundOf } from '../support/colour';

test('a visitor asks in the shop, an agent accepts, and the two write to each other', async ({ visitor, agent }) => {
  await visitor.start({ name: 'Vera', email: 'vera@example.com', message: 'Is the lamp dimmable?' });
  await visitor.hears('Is the lamp dimmable?');

  await expect(agent.ring('Vera')).toContainText('Is the lamp dimmable?');
  await agent.accept('Vera');
  await expect(agent.ring()).toHaveCount(0);
  await expect(visitor.findingAgent).toBeHidden();
  await agent.hears('Is the lamp dimmable?');

  await agent.say('Yes, with any switch.');
  await visitor.hears('Yes, with any switch.');
  await visitor.say('Then I take two.');
  await agent.hears('Then I take two.');

  const conversation = ['Is the lamp dimmable?', 'Yes, with any switch.', 'Then I take two.'];
  expect(await visitor.order(conversation)).toEqual(conversation);
  expect(await agent.order(conversation)).toEqual(conversation);
});

test('each message is named by its author and shows its time', async ({ chat: { visitor, agent } }) => {
  await agent.say('Good morning!');
  await visitor.hears('Good morning!');
  const inWidget = visitor.face.getByRole('article', { name: 'Anna Berg' });
  await expect(inWidget).toHaveCount(1);
  await expect(inWidget).toContainText('Good morning!');
  await expect(inWidget.getByRole('time')).toHaveText(/^\d{1,2}:\d{2}/);
  const inConsole = agent.page.getByRole('article', { name: 'Vera' });
  await expect(inConsole).toHaveCount(1);
  await expect(inConsole).toContainText('Hello');
  await expect(agent.page.getByRole('article', { name: 'Anna Berg' })).toContainText('Good morning!');
});

test('Enter sends and Shift+Enter breaks the line, on both sides', async ({ chat: { visitor, agent } }) => {
  for (const [writer, reader, line] of [[visitor, agent, 'visitor'], [agent, visitor, 'agent']] as const) {
    await writer.box.pressSequentially(`first ${line}`);
    await writer.box.press('Shift+Enter');
    await writer.box.pressSequentially(`second ${line}`);
    await writer.holds(`first ${line}\nsecond ${line}`);
    await expect(writer.message(`first ${line}`)).toHaveCount(0);

    await writer.box.press('Enter');
    await writer.holds('');
    const lines = new RegExp(`first ${line}\\nsecond ${line}`);
    await expect(writer.message(`first ${line}`)).toContainText(lines, { useInnerText: true });
    await expect(reader.message(`first ${line}`)).toContainText(lines, { useInnerText: true });
  }
});

test('the button sends too', async ({ chat: { visitor, agent } }) => {
  await visitor.box.fill('By button');
  await visitor.send.click();
  await agent.hears('By button');
  await agent.box.fill('By button as well');
  await agent.send.click();
  await visitor.hears('By button as well');
});

test('the visitor puts an emoji behind their words', async ({ chat: { visitor, agent } }) => {
  const toggle = visitor.face.getByRole('button', { name: 'Emoji', exact: true });
  const picker = visitor.face.getByRole('dialog', { name: 'Emoji' });
  await visitor.box.fill('Thank you ');
  await expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-expanded', 'true');
  await picker.getByRole('button', { name: '🎉' }).click();
  await expect(picker).toBeHidden();
  await visitor.holds('Thank you 🎉');
  await expect(visitor.box).toBeFocused();

  await toggle.click();
  await expect(picker).toBeVisible();
  await toggle.click();
  await expect(picker).toBeHidden();
  await visitor.box.press('Enter');
  await agent.hears('Thank you 🎉');
});

test('each side sees the other type, and the agent sees the draft', async ({ chat: { visitor, agent } }) => {
  await visitor.box.pressSequentially('I wonder whe');
  await expect(agent.visitorTypes).toContainText('I wonder whe');
  await visitor.box.pressSequentially('ther');
  await expect(agent.visitorTypes).toContainText('I wonder whether');
  await visitor.box.fill('');
  await expect(agent.visitorTypes).toBeHidden();

  const agentTypes = visitor.face.getByRole('status', { name: 'is typing' });
  await agent.box.pressSequentially('Between us');
  await expect(agentTypes).toHaveAccessibleName(/^Anna.* is typing$/);
  await expect(visitor.face.locator('body')).not.toContainText('Between us');
  await agent.box.press('Enter');
  await visitor.hears('Between us');
  await expect(agentTypes).toBeHidden();
});

test('addresses in a text are links, and nothing else is', async ({ chat: { visitor, agent } }) => {
  const text = 'See https://shop.example/lamps?colour=black. <b>javascript:alert(1)</b>';
  await visitor.say(text);
  await agent.say(`Or ${text}`);
  for (const side of [visitor, agent]) {
    for (const message of [side.message('Or See'), side.message('See https').first()]) {
      await expect(message).toContainText('<b>javascript:alert(1)</b>');
      const link = message.getByRole('link');
      await expect(link).toHaveCount(1);
      await expect(link).toHaveText('https://shop.example/lamps?colour=black');
      await expect(link).toHaveAttribute('href', 'https://shop.example/lamps?colour=black');
      await expect(link).toHaveAttribute('target', '_blank');
      await expect(link).toHaveAttribute('rel', /noopener/);
    }
  }
});

test('in the console the visitor writes in blue and the agent in gray', async ({ chat: { visitor, agent } }) => {
  await agent.say('In gray');
  await visitor.hears('In gray');
  const [red, green, blue] = await backgroundOf(agent.message('Hello').getByText('Hello'));
  expect(blue).toBeGreaterThan(red + 80);
  expect(blue).toBeGreaterThan(green + 40);
  const gray = await backgroundOf(agent.message('In gray').getByText('In gray'));
  expect(Math.max(...gray) - Math.min(...gray)).toBeLessThan(16);
  expect(Math.min(...gray)).toBeLessThan(250);
});
