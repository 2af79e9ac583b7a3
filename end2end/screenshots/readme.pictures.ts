import path from 'node:path';
import type { Page } from '@playwright/test';
import { ApiVisitor } from '../support/api';
import { Agent } from '../support/agent';
import type { Server } from '../support/server';
import { accountOf, test } from '../support/test';
import { serverIsDown } from '../support/watch';

const desktop = { width: 1360, height: 880 };

/** Takes a picture in light and one in dark colours. */
async function picture(page: Page, name: string): Promise<void> {
  for (const [colorScheme, ending] of [['dark', '-dark'], ['light', '']] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: path.join(process.env.SCREENSHOTS!, `${name}${ending}.png`), animations: 'disabled', caret: 'hide' });
  }
}

/** Others who wait on a busy morning. */
const others = {
  'Jonas Weber': 'The invoice still shows the old VAT number, can you look?',
  'Priya Raghunathan': 'I have printed the label, where do I leave the parcel?',
  'Oskar Nilsson': 'Hello, do the refill tins fit the old lids?',
};

async function comes(server: Server, name: keyof typeof others): Promise<void> {
  await new ApiVisitor(server).start(others[name], { name });
}

test('set-up and log-in', async ({ server, browserOf }) => {
  const page = await (await browserOf({ viewport: desktop })).newPage();
  await page.goto(await server.setupLink());
  await picture(page, 'setup');
  await page.goto('/login');
  await picture(page, 'login');
});

test('the shop and the console', async ({ server, browserOf, newVisitor, watch }) => {
  const account = { ...accountOf('Anna Lindqvist'), role: 'admin' as const };
  await server.agentAdd(account);
  const visitor = await newVisitor({ viewport: desktop });
  const agent = new Agent(await (await browserOf()).newPage(), account);
  await agent.logIn();
  for (const name of ['Jonas Weber', 'Priya Raghunathan'] as const) {
    await comes(server, name);
    await agent.accept(name);
  }
  await comes(server, 'Oskar Nilsson');

  await visitor.openChat();
  await visitor.box.waitFor();
  await picture(visitor.page, 'shop-before');
  await visitor.closeChat();
  await visitor.start({
    name: 'Maya Holm',
    email: 'maya@northlight.example',
    message: 'Hi! Do you ship the smoky Lapsang to Norway? I need two tins before the 20th.',
  });
  await picture(visitor.page, 'shop-waiting');
  await agent.ring('Maya').waitFor();
  await picture(agent.page, 'console-ringing');

  await agent.dismiss('Oskar');
  await agent.accept('Maya');
  await visitor.say('The large ones');
  await agent.hears('The large ones');
  await agent.say('Good morning! Yes, we ship to Norway in two to three working days.');
  await agent.say('All options are on https://driftleaf.example/shipping/norway\nShall I reserve two for you?');
  await visitor.goTo('Pricing');
  await visitor.hears('Shall I reserve');
  await visitor.say('Oh nice, please do. Express would be best, I’ll pay by card.');
  await agent.hears('Oh nice');
  await agent.say('Done: two large tins, express. Your order is 20931.');
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
