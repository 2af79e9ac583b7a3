import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { Side } from './side';

export interface Start {
  name?: string;
  email?: string;
  message: string;
}

/** A visitor of the example shop, in one tab. */
export class Visitor extends Side {
  readonly face: FrameLocator;
  /** Titled "Chat", in the language of the chat. */
  readonly frame: Locator;

  constructor(readonly page: Page) {
    super();
    this.frame = page.locator('frontdesk-chat iframe:not([title=""])');
    this.face = this.frame.contentFrame();
  }

  get open(): Locator {
    return this.page.getByRole('button', { name: 'Open chat' });
  }

  get close(): Locator {
    return this.page.getByRole('button', { name: 'Close chat' });
  }

  /** Where the first message is typed, and each later one. */
  get box(): Locator {
    return this.face.getByRole('textbox', { name: 'Message' });
  }

  async written(): Promise<string> {
    return this.box.inputValue();
  }

  get findingAgent(): Locator {
    return this.face.getByRole('status', { name: 'Finding an agent' });
  }

  get startNewChat(): Locator {
    return this.face.getByRole('button', { name: 'Start a new chat' });
  }

  /** Comes to a page of the shop. */
  async visit(path = '/demo'): Promise<void> {
    await this.page.goto(path);
  }

  /** Follows the shop's own link to another page. */
  async goTo(link: string): Promise<void> {
    await this.page.getByRole('link', { name: link }).first().click();
  }

  /** Opens the chat. What the server drew is there at once; `live` waits until the widget's code has taken it over. */
  async openChat({ live = true } = {}): Promise<void> {
    await this.open.click();
    await expect(this.frame).toBeVisible();
    if (!live) return;
    // Only what the server drew carries the visitor's token; a frame that is still empty has none either.
    await expect(this.face.locator('main').first()).toBeVisible();
    await expect(this.face.locator('main input[name="token"]')).toHaveCount(0);
  }

  async closeChat(): Promise<void> {
    await this.close.click();
    await expect(this.frame).toBeHidden();
  }

  /** Opens the chat, fills in the form and waits for an agent. */
  async start({ name = '', email = '', message }: Start): Promise<void> {
    await this.openChat();
    await this.face.getByRole('textbox', { name: 'Name' }).fill(name);
    await this.face.getByRole('textbox', { name: 'Email' }).fill(email);
    await this.box.fill(message);
    await this.face.getByRole('button', { name: 'Start chat' }).click();
    await expect(this.findingAgent).toBeVisible();
  }

  /** Clicks into the shop, beside the chat. */
  async clickBesideChat(): Promise<void> {
    await this.page.getByRole('heading', { level: 1 }).click();
  }

  async seesEnd(): Promise<void> {
    await expect(this.startNewChat).toBeVisible();
    await expect(this.box).toBeHidden();
  }
}
