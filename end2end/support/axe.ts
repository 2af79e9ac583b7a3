import type { Frame, Page } from '@playwright/test';
import axe from 'axe-core';
import { expect } from './test';

/** What axe finds wrong, by all its rules or these, each with the rule and the element. */
export async function violations(face: Page | Frame, rules?: string[]): Promise<string[]> {
  // What still moves is half of one colour and half of another; what has moved may set moving what is inside it.
  await face.evaluate(async () => {
    const ends = ({ playState, effect }: Animation) => playState === 'running' && effect?.getTiming().iterations !== Infinity;
    const moving = () => document.getAnimations().filter(ends);
    while (moving().length) await Promise.allSettled(moving().map((animation) => animation.finished));
  });
  if (!(await face.evaluate(() => 'axe' in window))) await face.evaluate(axe.source);
  return face.evaluate(async (rules) => {
    const options = { iframes: false, resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
    const { violations } = await (window as any).axe.run(document, options);
    return violations.flatMap(({ id, nodes }: any) => nodes.map((node: any) => `${id}: ${node.html} ${node.failureSummary}`));
  }, rules);
}

/**
 * Nothing is wrong with what is on the screen: in light and in dark, at each of these widths. In the dark only colours are
 * others, and only they are looked at, unless it is to be `whole`.
 */
export async function isAccessible(
  page: Page,
  what: string,
  { widths = [1440, 1024, 390], face = page as Page | Frame, whole = false } = {},
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const rules = colorScheme === 'dark' && !whole ? ['color-contrast'] : undefined;
      expect.soft(await violations(face, rules), `${what}, ${colorScheme}, ${width} px wide`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: widths[0], height: 900 });
}
