import type { Locator } from '@playwright/test';

/** Red, green and blue of what stands behind an element's text. */
export async function backgroundOf(text: Locator): Promise<[number, number, number]> {
  return text.evaluate((start) => {
    for (let element: Element | null = start; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      const [red, green, blue, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
      // A colour that was made of another one is written in parts of one.
      const whole = colour.startsWith('color(srgb ') ? 255 : 1;
      if (alpha > 0) return [Math.round(red * whole), Math.round(green * whole), Math.round(blue * whole)];
    }
    throw new Error('Nothing is painted behind this text.');
  });
}
