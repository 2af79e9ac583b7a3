import type { BrowserContext, Page } from '@playwright/test';

/** Listens to all pages and frames of the contexts it is shown; what it heard that was not expected fails the test. */
export class Watch {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  on(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      this.note(`console error: ${message.text()} (${message.location().url})`, message.page());
    });
    context.on('weberror', (error) => this.note(`uncaught error: ${error.error()}`, error.page()));
    context.on('response', (response) => {
      if (response.status() >= 500) this.note(`status ${response.status()} from ${response.url()}`);
    });
  }

  /** This test brings it about on purpose, from now on. */
  expect(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  /** Runs what makes pages complain, as narrow as possible. */
  async expectWhile(patterns: RegExp[], act: () => Promise<void>): Promise<void> {
    this.expected.push(...patterns);
    try {
      await act();
    } finally {
      patterns.forEach((pattern) => this.expected.splice(this.expected.indexOf(pattern), 1));
    }
  }

  /** Throws when a page complained. */
  report(): void {
    if (this.heard.length) throw new Error(`The browser complained:\n${this.heard.join('\n')}`);
  }

  private note(complaint: string, page?: Page | null): void {
    if (this.expected.some((pattern) => pattern.test(complaint))) return;
    this.heard.push(`${page ? `on ${new URL(page.url()).pathname}: ` : ''}${complaint}`);
  }
}

/** How Chromium reports calls and sockets to a server that is not there. */
export const serverIsDown = [
  /^console error: Failed to load resource: net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE)/,
  /^console error: WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/live' failed/,
];

/** How Chromium reports calls and sockets without a network. */
export const noNetwork = [
  /^console error: Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|FAILED)/,
  /^console error: WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/live' failed/,
];

/** How Chromium reports an answer with this status. */
export function answered(status: number, path: string): RegExp {
  return new RegExp(`^console error: Failed to load resource: the server responded with a status of ${status} .*${path}`);
}
