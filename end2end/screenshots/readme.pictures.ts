import path from 'node:path';
import type { Page } from '@playwright/test';
import { ApiVisitor } from '../support/api';
import { type Account, Agent } from '../support/agent';
import type { Server } from '../support/server';
import { accountOf, test } from '../support/test';
import { serverIsDown } from '../support/watch';

const desktop = { width: 1280, height: 800 };

/** Takes a picture in light and one in dark colours. */
async function picture(page: Page, name: string): Promise<void> {
  for (const [colorScheme, ending] of [['dark', '-dark'], ['light', '']] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: path.join(process.env.SCREENSHOTS!, `${name}${ending}.png`), animations: 'disabled', caret: 'hide' });
  }
}

/** A desk on a busy morning. */
async function busyDesk(server: Server): Promise<Account> {
  const anna = { ...accountOf('Anna Lindqvist'), role: 'admin' as const, departments: ['Sales', 'Support'] };
  await server.agentAdd(anna);
  const people = [
    ['Jonas Weber', 'The invoice still shows the old VAT number, can you look?'],
    ['Priya Raghunathan', 'I have printed the label, where do I leave the parcel?'],
    ['Oskar Nilsson', 'Hello, is the Aurora lamp dimmable?'],
  ];
  for (const [name, message] of people) await new ApiVisitor(server).start(message, { name });
  return anna;
}

test('set-up and log-in', async ({ server, browserOf }) => {
  const page = await (await browserOf({ viewport: desktop })).newPage();
  await page.goto(await server.setupLink());
  await picture(page, 'setup');
  await page.goto('/login');
  await picture(page, 'login');
});

test('the shop and the console', async ({ server, browserOf, newVisitor, watch }) => {
  const account = await busyDesk(server);
  const visitor = await newVisitor({ viewport: desktop });
  const agent = new Agent(await (await browserOf()).newPage(), account);
  await agent.logIn();

  await visitor.openChat();
  await visitor.box.waitFor();
  await picture(visitor.page, 'shop-before');
  await visitor.closeChat();
  await visitor.start({
    name: 'Maya Featherstonehaugh',
    email: 'maya@northlight.example',
    message: 'Hi! Do you ship the Aurora lamp to Norway? I need two of them before the 20th.',
  });
  await picture(visitor.page, 'shop-waiting');
  await agent.ring('Maya').waitFor();
  await picture(agent.page, 'console-ringing');

  for (const name of ['Jonas', 'Priya']) await agent.accept(name);
  await agent.dismiss('Oskar');
  await agent.accept('Maya');
  await visitor.say('The black ones');
  await agent.hears('The black ones');
  await agent.say('Good morning! Yes, we ship to Norway in two to three working days.');
  await agent.say('All options are on https://northlight.example/shipping/norway\nShall I reserve two for you?');
  await visitor.goTo('Pricing');
  await visitor.hears('Shall I reserve');
  await visitor.say('Oh nice, please do. Express would be best, I’ll pay by card.');
  await agent.hears('Oh nice');
  await agent.say('Done: two black ones, express. Your order is 20931.');
  await visitor.hears('20931');
  await visitor.box.focus();
  await agent.sees('Read', '20931');
  await visitor.box.pressSequentially('Wonderful! One more thing, could you');
  await agent.visitorTypes.waitFor();

  await agent.page.setViewportSize({ width: 1440, height: 900 });
  await picture(agent.page, 'console');
  await agent.page.setViewportSize({ width: 1024, height: 768 });
  await picture(agent.page, 'console-1024');
  await agent.page.setViewportSize({ width: 390, height: 844 });
  await picture(agent.page, 'console-phone');
  await agent.page.setViewportSize({ width: 1440, height: 900 });

  await agent.box.pressSequentially('Of course');
  await visitor.face.getByRole('status', { name: 'is typing' }).waitFor();
  await picture(visitor.page, 'shop-chatting');
  await visitor.page.setViewportSize({ width: 390, height: 844 });
  await picture(visitor.page, 'shop-phone');
  await visitor.page.setViewportSize(desktop);
  await agent.box.fill('');

  await watch.expectWhile(serverIsDown, async () => {
    await server.kill();
    await agent.reconnecting.waitFor();
    await visitor.reconnecting.waitFor();
    await agent.say('The gift note is added.');
    await picture(agent.page, 'console-reconnecting');
    await picture(visitor.page, 'shop-reconnecting');
    await server.restart();
    await agent.reconnecting.waitFor({ state: 'hidden' });
    await visitor.reconnecting.waitFor({ state: 'hidden' });
  });
});
