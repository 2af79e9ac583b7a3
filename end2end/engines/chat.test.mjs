// A whole chat in another engine than Chromium: ENGINE=firefox or ENGINE=webkit. `make engines` runs it in both.
//
// The visitor is on a website of another origin under a strict policy, the agent at the console, each in a browser of
// the engine. Each step begins where the one before has ended.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { startFrontdesk, startWebsite } from './frontdesk.mjs';
import { Agent, Visitor } from './people.mjs';
import { endAll } from './webdriver.mjs';

const engine = process.env.ENGINE;
const anna = { name: 'Anna Berg', email: 'anna@example.com', password: 'a long password' };
/** 12 by 8 pixels of gray. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAwAAAAICAAAAADoj0EtAAAAD0lEQVR42mOoQAIMtOMAACTvLQHCCTKNAAAAAElFTkSuQmCC',
  'base64',
);

describe(`a chat in ${engine}`, () => {
  let frontdesk;
  let agent;
  let visitor;
  /** A step has failed: there is nothing for the next ones to begin with. */
  let broken = false;

  const step = (name, walk) =>
    it(name, async () => {
      assert.ok(!broken, 'a step before has failed');
      broken = true;
      await walk();
      broken = false;
    });

  after(endAll);

  step('an agent logs in, and is available', async () => {
    frontdesk = await startFrontdesk(anna);
    agent = await Agent.logIn(engine, frontdesk, anna);
  });

  step('the launcher appears on a page under a strict policy', async () => {
    visitor = await Visitor.arrive(engine, await startWebsite(frontdesk));
    await visitor.launcher('Open chat');
  });

  step('a touch opens the form in its frame', async () => {
    await (await visitor.launcher('Open chat')).click();
    await visitor.launcher('Close chat');
    await visitor.enterChat();
    await visitor.sees('textbox', 'Message');
    await visitor.sees('button', 'Start chat');
  });

  step('the visitor starts a chat, and an agent is sought', async () => {
    await visitor.fill('Name', 'Vera');
    await visitor.fill('Email', 'vera@example.com');
    await visitor.fill('Message', 'Is the tent waterproof?');
    await visitor.press('Start chat');
    await visitor.sees('status', 'Finding an agent');
    await visitor.hears('Is the tent waterproof?');
  });

  step('the chat rings in the console, and the agent accepts it', async () => {
    await agent.press('Accept', () => agent.browser.byRole('alertdialog', /^New chat/));
    await agent.hears('Is the tent waterproof?');
    assert.match(await agent.browser.address(), /\/console\/chats\/1$/);
    await visitor.misses('status', 'Finding an agent');
  });

  step('the visitor reads the answer, and the agent sees that', async () => {
    await agent.say('Yes, for days.');
    await visitor.hears('Yes, for days.');
    await agent.seesTick('Read', 'Yes, for days.');
  });

  step('the agent reads what the visitor answers, and the visitor sees that', async () => {
    await visitor.say('Then I take it.');
    await agent.hears('Then I take it.');
    await visitor.seesTick('Read', 'Then I take it.');
  });

  step('what comes while the visitor is busy beside the chat is delivered, and read when they are back', async () => {
    await visitor.clickBesideChat();
    await agent.say('In green or in gray?');
    await agent.seesTick('Delivered', 'In green or in gray?');
    await agent.say('Both are here.');
    await agent.seesTick('Delivered', 'Both are here.');
    await agent.seesTick('Delivered', 'In green or in gray?');
    await visitor.enterChat();
    await visitor.hears('Both are here.');
    await (await visitor.sees('textbox', 'Message')).click();
    await agent.seesTick('Read', 'In green or in gray?');
    await agent.seesTick('Read', 'Both are here.');
  });

  step('a picture from the visitor is shown on both sides', async () => {
    const file = path.join(visitor.browser.home, 'like-this.png');
    await writeFile(file, png);
    await visitor.attach(file, 'like-this.png');
    await visitor.say('Like this');
    await visitor.seesPicture('like-this.png', [12, 8]);
    await agent.seesPicture('like-this.png', [12, 8]);
    await visitor.seesTick('Read', 'Like this');
  });

  step('a picture from the agent is shown on both sides', async () => {
    const file = path.join(agent.browser.home, 'or-that.png');
    await writeFile(file, png);
    await agent.attach(file, 'or-that.png');
    await agent.say('Or that?');
    await agent.seesPicture('or-that.png', [12, 8]);
    await visitor.seesPicture('or-that.png', [12, 8]);
  });

  step('after a reload of the page the conversation is there, and goes on', async () => {
    await visitor.leaveChat();
    await visitor.browser.reload();
    await visitor.launcher('Close chat');
    await visitor.enterChat();
    for (const text of ['Is the tent waterproof?', 'Yes, for days.', 'Then I take it.', 'Like this', 'Or that?']) {
      await visitor.hears(text);
    }
    await visitor.seesPicture('like-this.png', [12, 8]);
    await agent.say('Are you still there?');
    await visitor.hears('Are you still there?');
    await visitor.say('I am.');
    await agent.hears('I am.');
  });

  step('an agent at the end of a long conversation stays there, when a draft vanishes and its message comes', async () => {
    // Shorter than the conversation, and still under the mouse: on WebKit's bare screen that is where the focus is.
    await agent.browser.grow(900);
    for (let number = 1; number <= 12; number++) {
      await agent.say(`Shall I send ${number}?`);
      await visitor.say(`Please send ${number}.`);
      await visitor.seesTick('Read', `Please send ${number}.`);
    }
  });

  step('the visitor ends the chat, and both see that', async () => {
    await visitor.press('End chat');
    await visitor.press('End chat', () => visitor.browser.byRole('alertdialog', 'End chat?'));
    await visitor.sees('button', 'Start a new chat');
    await visitor.misses('textbox', 'Message');
    await agent.misses('textbox', 'Reply');
    await agent.misses('button', 'End chat');
    await agent.hears('I am.');
  });
});
