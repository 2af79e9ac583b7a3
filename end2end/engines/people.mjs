// The two who talk, each in a browser of their own. What they look for has the roles and names of the documentation.

import { Browser, ENTER, until } from './webdriver.mjs';

/** What both sides of a chat have: a conversation, and a box to write in. */
class Side {
  constructor(browser, box) {
    this.browser = browser;
    this.box = box;
  }

  /** Something with this role and name is there; what it is. */
  sees(role, name) {
    return until(`the ${role} "${name}" is there`, () => this.browser.byRole(role, name));
  }

  /** Nothing with this role and name is there any more. */
  misses(role, name) {
    return until(`the ${role} "${name}" is gone`, async () => !(await this.browser.byRole(role, name)));
  }

  press(name, within = async () => this.browser) {
    return until(`the button "${name}" can be pressed`, async () => {
      const button = await (await within())?.byRole('button', name);
      await button?.click();
      return button;
    });
  }

  /** Clicks into a box and writes: WebKit lets nothing else put the focus into a frame before it was touched once. */
  fill(name, text, role = 'textbox') {
    return until(`"${text}" can be written into "${name}"`, async () => {
      const box = await this.browser.byRole(role, name);
      await box?.click();
      await box?.type(text);
      return box;
    });
  }

  /** Writes a message, and sends it by Enter. */
  async say(text) {
    const box = await this.fill(this.box, text);
    await box.type(ENTER);
    await this.hears(text);
  }

  /** The conversation has one message with this text; which. */
  hears(text) {
    return until(`one message says "${text}"`, async () => {
      const found = await this.#messages(text);
      return found.length === 1 && found[0];
    });
  }

  /** The message with this text has come so far: "Delivered", "Read". */
  seesTick(tick, text) {
    return until(`"${text}" is ${tick}`, async () => {
      const [message] = await this.#messages(text);
      return message?.byRole('image', tick);
    });
  }

  /** The picture with this name is in the conversation, and has loaded in its own size. */
  seesPicture(name, [width, height]) {
    return until(`the picture ${name} is shown`, async () => {
      const log = await this.browser.byRole('log', 'Conversation');
      const picture = await log?.byRole('image', name);
      const loaded = picture && [await picture.property('naturalWidth'), await picture.property('naturalHeight')];
      return loaded?.[0] === width && loaded[1] === height;
    });
  }

  /** Picks a file with the button "Attach file", whose dialog no WebDriver can use, and waits until it is stored. */
  async attach(file, name) {
    await this.sees('button', 'Attach file');
    const [picker] = await this.browser.all('input[type="file"]');
    await picker.type(file);
    await this.sees('button', `Remove ${name}`);
  }

  async #messages(text) {
    const log = await this.browser.byRole('log', 'Conversation');
    const found = [];
    for (const article of (await log?.all('article')) ?? []) {
      if ((await article.text()).includes(text)) found.push(article);
    }
    return found;
  }
}

/** Somebody on the customer's website. */
export class Visitor extends Side {
  static async arrive(engine, url) {
    const visitor = new Visitor(await Browser.start(engine), 'Message');
    await visitor.browser.go(url);
    return visitor;
  }

  /** The button on the page that opens the chat and closes it. */
  launcher(name) {
    return until(`the launcher says "${name}"`, async () => (await this.#ours())?.byRole('button', name));
  }

  /** Looks into the frame of the chat, as soon as it is shown. In WebKit that also gives it the focus. */
  enterChat() {
    return until('the frame "Chat" is shown', async () => {
      const [frame] = (await (await this.#ours())?.all('iframe[title="Chat"]')) ?? [];
      if (!(await frame?.get('displayed'))) return false;
      await this.browser.enter(frame);
      return true;
    });
  }

  /** Looks at the page around the chat. */
  leaveChat() {
    return this.browser.enter(undefined);
  }

  /** Clicks into the page, beside the chat, and looks there. */
  async clickBesideChat() {
    await this.leaveChat();
    await (await this.sees('heading', 'Tents')).click();
  }

  /** Our element on the page, looked into. */
  async #ours() {
    const [host] = await this.browser.all('frontdesk-chat');
    return host?.shadow();
  }
}

/** Somebody at the console. */
export class Agent extends Side {
  static async logIn(engine, url, { email, password }) {
    const agent = new Agent(await Browser.start(engine), 'Reply');
    await agent.browser.go(`${url}/login`);
    await agent.fill('Email', email);
    await agent.fill('Password', password, 'password');
    await agent.press('Log in');
    await agent.sees('switch', 'Available for chat');
    await until('the console is connected, so that a chat can be offered', async () => {
      const answer = await fetch(`${url}/api/visitor/available`);
      return (await answer.json()).available;
    });
    return agent;
  }
}
