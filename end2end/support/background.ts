import type { Page } from '@playwright/test';

/** Puts another window before this page, which loses the focus by it. Returns what brings it to the front again. */
export async function toBackground(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  // Playwright makes every page believe that it has the focus.
  const believe = (enabled: boolean) => session.send('Emulation.setFocusEmulationEnabled', { enabled });
  const other = await page.context().newPage();
  await believe(false);
  await other.bringToFront();
  return async () => {
    await believe(true);
    await page.bringToFront();
    await other.close();
  };
}
