import type { Frame, Page } from '@playwright/test';
import axe from 'axe-core';
import { expect } from './test';

const schemes = ['light', 'dark'] as const;

/** What axe finds wrong, each with the rule and the element. */
async function violations(face: Page | Frame): Promise<string[]> {
  // What still moves is half of one colour and half of another; what has moved may set moving what is inside it.
  await face.evaluate(async () => {
    const moving = () => document.getAnimations().filter((animation) => animation.effect?.getTiming().iterations !== Infinity);
    while (moving().length) await Promise.allSettled(moving().map((animation) => animation.finished));
  });
  if (!(await face.evaluate(() => 'axe' in window))) await face.evaluate(axe.source);
  return face.evaluate(async () => {
    const { violations } = await (window as any).axe.run(document, { iframes: false, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }: any) => nodes.map((node: any) => `${id}: ${node.html} ${node.failureSummary}`));
  });
}

/** Nothing is wrong with what is on the screen: in light and in dark, at each of these widths. */
export async function isAccessible(page: Page, what: string, { widths = [1440, 1024, 390], face = page as Page | Frame } = {}): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect.soft(await violations(face), `${what}, ${colorScheme}, ${width} px wide`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: widths[0], height: 900 });
}
