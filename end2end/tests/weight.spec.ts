import type { Request } from '@playwright/test';
import { expect, test } from '../support/test';
import { Visitor } from '../support/visitor';

const KB = 1024;

/** What of the network is the chat's and not the shop's. */
const isOurs = (request: Request) => /^\/(embed|widget|assets|api)/.test(new URL(request.url()).pathname);

test('the chat weighs nothing before it is touched, little before its form can be used, and at most 150 KB in all', async ({
  browserOf,
  apiAgent: _,
}) => {
  const page = await (await browserOf()).newPage();
  const all: Request[] = [];
  page.on('requestfinished', (request) => isOurs(request) && all.push(request));
  const bytes = async (requests: Request[]) => {
    const sizes = await Promise.all(requests.map((request) => request.sizes()));
    // Of what comes from the cache it is nothing less the headers.
    return sizes.reduce((sum, size) => sum + Math.max(size.responseBodySize, 0), 0);
  };
  const path = (request: Request) => new URL(request.url()).pathname;

  await page.goto('/demo', { waitUntil: 'networkidle' });
  expect(all.map(path)).toEqual(['/embed.js']);
  expect(await bytes(all)).toBeLessThanOrEqual(3 * KB);

  const visitor = new Visitor(page);
  await visitor.openChat();
  // The last that a first use asks for.
  await expect.poll(() => all.map(path)).toContain('/api/visitor/state');
  const needed = all.filter((request) => /^\/widget$|widget\.css$/.test(path(request)));
  expect(needed).toHaveLength(2);
  expect(await bytes(needed)).toBeLessThanOrEqual(15 * KB);
  const sum = await bytes(all);
  expect(sum, all.map(path).join('\n')).toBeLessThanOrEqual(150 * KB);
  // It is all there: the sizes of nothing would fit, too.
  expect(sum).toBeGreaterThan(100 * KB);

  // On the next page the chat is open as it was, all of it and of the loader from the browser's cache but the page itself.
  all.length = 0;
  await page.reload();
  await expect.poll(() => all.map(path)).toContain('/api/visitor/state');
  const kept = all.filter((request) => /^\/(assets\/|embed)/.test(path(request)));
  expect(kept.map(path)).toEqual(expect.arrayContaining(['/embed.js', '/embed-frame.js']));
  expect(await bytes(kept)).toBe(0);
});
