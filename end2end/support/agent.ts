import { expect, type Locator, type Page } from '@playwright/test';
import { Side } from './side';

export interface Account {
  name: string;
  email: string;
  password: string;
}

/** An agent at the console, in one window. */
export class Agent extends Side {
  constructor(
    readonly page: Page,
    readonly account: Account,
  ) {
    super();
  }

  get face(): Page {
    return this.page;
  }

  get name(): string {
    return this.account.name;
  }

  get box(): Locator {
    return this.page.getByRole('textbox', { name: 'Reply' });
  }

  /** What stands in the reply box, lines as they are seen. */
  async written(): Promise<string> {
    return (await this.box.innerText()).replace(/\n$/, '');
  }

  /** A button of the toolbar over the reply box. */
  tool(name: string): Locator {
    return this.page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name, exact: true });
  }

  get linkDialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Link' });
  }

  get available(): Locator {
    return this.page.getByRole('switch', { name: 'Available for chat' });
  }

  /** The draft that the visitor is typing. */
  get visitorTypes(): Locator {
    return this.page.getByRole('status', { name: 'Visitor is typing' });
  }

  /** The pop-ups of new chats; of one visitor's, when a name is given. */
  ring(visitor: string | RegExp = ''): Locator {
    return this.page.getByRole('alertdialog', { name: 'New chat' }).filter({ hasText: visitor });
  }

  /** A chat in the list. */
  row(visitor: string): Locator {
    return this.page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: visitor });
  }

  tab(name: 'Waiting' | 'Mine' | 'All open' | 'Ended'): Locator {
    return this.page.getByRole('tab', { name: new RegExp(`^${name}\\b`) });
  }

  async logIn(): Promise<void> {
    await this.page.goto('/login');
    await this.page.getByRole('textbox', { name: 'Email' }).fill(this.account.email);
    await this.page.getByLabel('Password').fill(this.account.password);
    await this.connects(async () => {
      await this.page.getByRole('button', { name: 'Log in' }).click();
      await this.isAtConsole();
    });
  }

  /** Brings the console to connect, and waits until it has: visitors are offered a chat from then on. */
  async connects(open: () => Promise<void>): Promise<void> {
    const connected = new Promise<void>((resolve) => {
      this.page.once('websocket', (socket) => {
        socket.on('framereceived', ({ payload }) => String(payload).includes('"welcome"') && resolve());
      });
    });
    await open();
    await connected;
  }

  async isAtConsole(): Promise<void> {
    await expect(this.page).toHaveURL(/\/console$/);
    await expect(this.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    await expect(this.available).toBeVisible();
  }

  /** Accepts a ringing chat; its conversation opens. */
  async accept(visitor: string | RegExp = ''): Promise<void> {
    await this.ring(visitor).getByRole('button', { name: 'Accept' }).click();
    await expect(this.page).toHaveURL(/\/console\/chats\/\d+$/);
    await expect(this.box).toBeVisible();
  }

  async dismiss(visitor: string | RegExp = ''): Promise<void> {
    await this.ring(visitor).getByRole('button', { name: 'Dismiss' }).click();
  }

  /** Opens a chat from the list; one that waits is accepted by it. */
  async openChat(visitor: string): Promise<void> {
    const address = (await this.row(visitor).getAttribute('href')) ?? '';
    await this.row(visitor).click();
    await expect(this.page).toHaveURL(address);
    await expect(this.page.getByRole('heading', { name: visitor, level: 2 })).toBeVisible();
  }

  async seesEnd(): Promise<void> {
    await expect(this.log).toBeVisible();
    await expect(this.box).toBeHidden();
    await expect(this.endChat).toBeHidden();
  }
}
