import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';

/** How far a message is. */
export type Tick = 'Sending' | 'Sent' | 'Delivered' | 'Read' | 'Failed';

/** What both sides of a chat have: a conversation and a box to write in. */
export abstract class Side {
  abstract readonly page: Page;
  /** Where the chat is: the console's page, or the widget's frame. */
  abstract readonly face: Page | FrameLocator;
  abstract readonly box: Locator;

  get log(): Locator {
    return this.face.getByRole('log', { name: 'Conversation' });
  }

  get send(): Locator {
    return this.face.getByRole('button', { name: 'Send', exact: true });
  }

  get endChat(): Locator {
    return this.face.getByRole('button', { name: 'End chat', exact: true });
  }

  get endDialog(): Locator {
    return this.face.getByRole('alertdialog', { name: 'End chat?' });
  }

  /** What is calmly said while the server cannot be reached. */
  get reconnecting(): Locator {
    return this.face.getByRole('status').filter({ hasText: /reconnecting/i });
  }

  /** The message with this text. */
  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  tick(text: string): Locator {
    return this.message(text).getByRole('img', { name: /^(Sending|Sent|Delivered|Read|Failed)$/ });
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
    await expect(this.box).toHaveValue('');
  }

  async hears(text: string): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    await expect(this.message(text)).toBeVisible();
  }

  async sees(tick: Tick, text: string): Promise<void> {
    await expect(this.tick(text)).toHaveAccessibleName(tick);
  }

  /** The conversation as the order of these texts: each message is replaced by the one that it contains. */
  async order(texts: string[]): Promise<string[]> {
    const articles = await this.log.getByRole('article').allTextContents();
    return articles.map((article) => texts.find((text) => article.includes(text)) ?? article);
  }

  /** Ends the chat, with the confirmation. */
  async end(): Promise<void> {
    await this.endChat.click();
    await this.endDialog.getByRole('button', { name: 'End chat' }).click();
  }
}
