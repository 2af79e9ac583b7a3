import type { BrowserContext, Page, Request } from '@playwright/test';

/** From now on no page of this browser gets the code of a chat, until what this returns is called. */
export const holdCode = (context: BrowserContext): Promise<() => void> => holdFiles(context, '**/*.wasm');

/** The same of files with other names. */
export async function holdFiles(context: BrowserContext, names: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await context.route(names, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** Calls that wait on their way to the server. */
export interface Held {
  /** How many wait. */
  count(): number;
  /** Lets them go, and all that come later. */
  release(): void;
}

/** From now on holds back the commands of these pages that contain `word`, such as `"accept"`. */
export async function holdCommands(pages: Page[], word: string): Promise<Held> {
  let count = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const isIt = (request: Request) => Boolean(request.postData()?.includes(word));
  for (const page of pages) {
    await page.route('**/api/*/command', async (route) => {
      if (isIt(route.request())) {
        count += 1;
        await released;
      }
      await route.continue();
    });
  }
  return { count: () => count, release };
}
