import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';

/** What a website may ask for: eight steps of each of red, green and blue. */
const steps = [0, 36, 73, 109, 146, 182, 219, 255];
const colors = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => `rgb(${r} ${g} ${b})`)));

/** Each text that the website's colour has a part in, with what lies below it: where it is less than AA wants. */
function faint(page: Page, colors: string[]): Promise<string[]> {
  return page.evaluate((colors) => {
    const root = document.documentElement;
    const rulesOf = (sheet: CSSStyleSheet): CSSRule[] =>
      [...sheet.cssRules].flatMap((rule) => (rule instanceof CSSImportRule ? rulesOf(rule.styleSheet!) : [rule]));
    const rules = [...document.styleSheets].flatMap(rulesOf);
    const hover = rules.find((rule) => rule instanceof CSSStyleRule && rule.selectorText === '.btn--primary:hover') as CSSStyleRule;
    const probe = document.body.appendChild(document.createElement('div'));
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const computed = (color: string, background: string) => {
      Object.assign(probe.style, { color, background });
      const style = getComputedStyle(probe);
      return [style.color, style.backgroundColor];
    };
    /** What is seen of layers of colour, from the lowest to the topmost. */
    const seen = (...layers: string[]) => {
      for (const layer of layers) {
        pen.fillStyle = layer;
        pen.fillRect(0, 0, 1, 1);
      }
      return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    const luminance = (color: number[]) => {
      const [r, g, b] = color.map((part) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (one: number[], other: number[]) => {
      const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const faint: string[] = [];
    for (const color of colors) {
      root.style.setProperty('--accent', color);
      const check = (what: string, text: string, ...layers: string[]) => {
        const found = ratio(seen(...layers, text), seen(...layers));
        if (!(found >= 4.5)) faint.push(`${what}, ${color}: ${found.toFixed(2)}`);
      };
      const button = getComputedStyle(document.querySelector('.btn--primary')!);
      check('a button', button.color, button.backgroundColor);
      check('a button that is pointed at', button.color, computed('', hover.style.background)[1]);
      const hero = getComputedStyle(document.querySelector('.head--hero')!);
      // Where both circles are, where one is, and where none.
      const [first, second] = [...hero.backgroundImage.matchAll(/(?:rgba?|color|oklab)\([^()]*\)(?= 1[25]0px)/g)].map(([color]) => color);
      check('the welcome', hero.color, hero.backgroundColor);
      check('the welcome, in a circle', hero.color, hero.backgroundColor, first);
      check('the welcome, in the other circle', hero.color, hero.backgroundColor, second);
      check('the welcome, in both circles', hero.color, hero.backgroundColor, second, first);
      check('a link', ...(computed('var(--accent-text)', 'var(--surface)') as [string, string]));
      check('what is pressed', ...(computed('var(--accent-text)', 'var(--accent-soft)') as [string, string]));
    }
    return faint;
  }, colors);
}

test('whatever colour a website asks for, what is written on it and in it can be read', async ({ page, server, apiAgent: _ }) => {
  await page.goto(`${server.url}/widget`);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await faint(page, colors), colorScheme).toEqual([]);
  }
  // Nobody sees through it, and so it is read as well.
  for (const color of ['#ff000030', 'rgb(0 0 255 / 0.1)', 'hsl(60 100% 50% / 20%)']) {
    await page.goto(`${server.url}/widget?color=${encodeURIComponent(color)}`);
    const accent = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));
    expect(await faint(page, [accent]), color).toEqual([]);
    expect(await page.locator('.head--hero').evaluate((hero) => getComputedStyle(hero).backgroundColor)).not.toMatch(/\/|rgba/);
  }
});
