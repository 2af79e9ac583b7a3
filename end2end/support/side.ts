import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import type { NewFile } from './files';

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

  /** The files that go with the next message. */
  get tray(): Locator {
    return this.face.getByRole('list', { name: 'Files to send' });
  }

  /** A file of the tray. */
  upload(name: string): Locator {
    return this.tray.getByRole('listitem').filter({ hasText: name });
  }

  /** A picture in the conversation. */
  picture(name: string): Locator {
    return this.log.getByRole('img', { name, exact: true });
  }

  /** A file in the conversation that is not shown, but saved. */
  file(name: string): Locator {
    return this.log.getByRole('link', { name });
  }

  /** What is calmly said while the server cannot be reached. */
  get reconnecting(): Locator {
    return this.face.getByRole('status').filter({ hasText: /reconnecting/i });
  }

  /** What is calmly said while the browser has no network. */
  get offline(): Locator {
    return this.face.getByRole('status').filter({ hasText: /you are offline/i });
  }

  /** The message with this text. */
  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  tick(text: string): Locator {
    return this.message(text).getByRole('img', { name: /^(Sending|Sent|Delivered|Read|Failed)$/ });
  }

  /** What stands in the box. */
  abstract written(): Promise<string>;

  /** The box shows exactly this. */
  async holds(text: string): Promise<void> {
    await expect.poll(() => this.written()).toBe(text);
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
    await this.holds('');
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

  /** Picks files with the button; a large one better by its path. */
  async attach(...files: NewFile[] | string[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.face.getByRole('button', { name: 'Attach file' }).click();
    await (await chooser).setFiles(files);
  }

  /** The tray holds exactly these files, and all of them are stored. */
  async hasStored(...names: string[]): Promise<void> {
    for (const name of names) {
      await expect(this.upload(name).getByRole('button', { name: `Remove ${name}` })).toBeVisible();
      await expect(this.upload(name).getByRole('alert')).toHaveCount(0);
    }
    await expect(this.tray.getByRole('listitem')).toHaveCount(names.length);
  }

  /** A picture is there, of this size, and fitted into its place. */
  async showsPicture(name: string, size: [number, number], place: [number, number]): Promise<void> {
    const picture = this.picture(name);
    await expect(picture).toBeInViewport();
    const natural = () =>
      picture.evaluate((element) => {
        const { naturalWidth, naturalHeight } = element as HTMLImageElement;
        return [naturalWidth, naturalHeight];
      });
    await expect.poll(natural).toEqual(size);
    await expect(picture).toHaveAttribute('width', String(place[0]));
    await expect(picture).toHaveAttribute('height', String(place[1]));
  }

  /** Ends the chat, with the confirmation. */
  async end(): Promise<void> {
    await this.endChat.click();
    await this.endDialog.getByRole('button', { name: 'End chat' }).click();
  }
}
