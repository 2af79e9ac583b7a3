// What of a page's address leaves the browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, SITE } from './page.mjs';

const noted = (path, options) => {
  const browser = new Browser();
  browser.visit(path, options).wait();
  const [page] = browser.stored.pages;
  return { ...page, url: page.url.replace(SITE, '') };
};

for (const [given, kept] of [
  ['/tents?size=2&sort=price', '/tents?size=2&sort=price'],
  ['/tents#reviews', '/tents'],
  ['/tents?size=2#reviews', '/tents?size=2'],
  ['/app#/orders/7', '/app#/orders/7'],
  ['/app#!/orders/7', '/app#!/orders/7'],
  ['/app#/reset?token=abc&step=2', '/app#/reset?step=2'],
  ['/in#access_token=abc', '/in'],
  ['/a?token=abc', '/a'],
  ['/a?token=abc#/b', '/a#/b'],
  ['/a?token=abc&x=1', '/a?x=1'],
  ['/a?x=1&token=abc', '/a?x=1'],
  ['/a?x=1&token=abc&code=5&y=2', '/a?x=1&y=2'],
  ['/a?token=1&key=2', '/a'],
  ['/a?AccessToken=1&apiKey=2&user_password=3&client_secret=4&sessionId=5&id_jwt=6&x-sig=7&userEmail=8', '/a'],
  ['/a?code=1&auth=2&authorization=3&sid=4&pwd=5&PHPSESSID=6', '/a'],
  ['/a?user%5Bpassword%5D=1&to%6ben=2&x=3', '/a?x=3'],
  ['/a?bad=%E0%A4%A&token=1', '/a?bad=%E0%A4%A'],
  ['/a?next=/in?token=abc', '/a?next=/in'],
  ['/a?next=%2Fin%3Ftoken%3Dabc', '/a'],
  ['/a?keyword=tent&author=Ada&design=2&color=token', '/a?keyword=tent&author=Ada&design=2&color=token'],
]) {
  test(`${given} is kept as ${kept}`, () => assert.equal(noted(given).url, kept));
}

test('the referrer is cleaned as the address is', () => {
  const page = noted('/', { referrer: 'https://ada:pw@mail.example/in?q=1&token=abc#top' });
  assert.equal(page.referrer, 'https://mail.example/in?q=1');
});

test('an @ in a path is not taken for credentials', () => {
  assert.equal(noted('/@ada/tents').url, '/@ada/tents');
});

test('an address is kept to 2000 characters, a title to 300', () => {
  const page = noted('/' + 'a'.repeat(3000), { title: 't'.repeat(400) });
  assert.equal((SITE + page.url).length, 2000);
  assert.equal(page.title.length, 300);
});

test('a title with half a character, cut by us or by the page, loses that half', () => {
  assert.equal(noted('/', { title: 't'.repeat(299) + '🍵' }).title, 't'.repeat(299));
  assert.equal(noted('/', { title: 'a\ud83d b🍵' }).title, 'a b🍵');
});

for (const [given, kept] of [
  ['/a?ref=mail&x=1', '/a?x=1'],
  ['/a?x=1&REF=7', '/a?x=1'],
  ['/a?ref', '/a'],
  ['/a?prefer=1&reference=2', '/a?prefer=1&reference=2'],
  ['/a?utm_source=1&utm_medium=2&autm_x=3', '/a?autm_x=3'],
  ['/a?user%5Bid%5D=1', '/a'],
  ['/a?next=%2Fin%3Fref%3Dabc', '/a'],
  ['/a?token=1&x=2', '/a?x=2'],
]) {
  test(`with a list of the page's own ${given} is kept as ${kept}`, () => {
    assert.equal(noted(given, { data: { ignoreParams: 'ref, utm_*  user[id]' } }).url, kept);
  });
}
