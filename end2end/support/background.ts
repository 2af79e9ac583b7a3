import type { Page } from '@playwright/test';

/** Takes the focus off the page's window, as when another window is in front. Returns what brings it to the front. */
export async function toBackground(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  // Playwright makes every page believe that it has the focus.
  const believe = (enabled: boolean) => session.send('Emulation.setFocusEmulationEnabled', { enabled });
  await believe(false);
  return async () => {
    await believe(true);
    await page.bringToFront();
  };
}
