import type { Locator } from '@playwright/test';

/** Red, green and blue of what stands behind an element's text. */
export async function backgroundOf(text: Locator): Promise<[number, number, number]> {
  return text.evaluate((start) => {
    for (let element: Element | null = start; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      const [red, green, blue, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
      if (alpha > 0) return [red, green, blue];
    }
    throw new Error('Nothing is painted behind this text.');
  });
}
