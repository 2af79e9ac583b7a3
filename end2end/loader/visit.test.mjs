// What is remembered of a visit, where, and when not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, HOST, MINUTE, SITE } from './page.mjs';

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
const paths = (browser) => browser.stored.pages.map(({ url }) => url.replace(SITE, ''));

test('the first page is the first visit, the session start and a page view', () => {
  const browser = new Browser();
  const at = browser.now;
  browser.visit('/tents', { title: 'Tents', referrer: 'https://search.example/' }).wait();
  const { v, first, session, pages, ...rest } = browser.stored;
  assert.equal(v, 1);
  assert.deepEqual(first, { at, url: SITE + '/tents' });
  assert.deepEqual(session, { at, url: SITE + '/tents', last: at + 200 });
  assert.equal(pages.length, 1);
  assert.match(pages[0].id, UUID7);
  assert.deepEqual(pages[0], { id: pages[0].id, at, url: SITE + '/tents', title: 'Tents', referrer: 'https://search.example/' });
  assert.deepEqual(rest, {}, 'no token before the first touch');
});

test('before a touch nothing is sent and there is no iframe', () => {
  const browser = new Browser();
  const page = browser.visit('/').wait();
  page.push('/tents');
  page.wait();
  assert.equal(page.frame, undefined);
  assert.deepEqual([browser.reports, browser.fetches], [[], []]);
});

test('page view ids are UUIDv7 that carry the time and only grow', () => {
  const browser = new Browser();
  const page = browser.visit('/0');
  for (let i = 1; i < 20; i++) page.push('/' + i);
  page.wait();
  const ids = browser.stored.pages.map(({ id }) => id);
  assert.equal(ids.length, 20);
  assert.deepEqual([...new Set(ids)].sort(), ids);
  for (const id of ids) assert.match(id, UUID7);
  assert.equal(parseInt(ids[0].replace('-', '').slice(0, 12), 16), browser.stored.pages[0].at);
});

test('a router that sets the title after the address gets its title noted, and the page before is the referrer', () => {
  const browser = new Browser();
  const page = browser.visit('/', { title: 'Home' }).wait();
  page.push('/tents');
  page.wait(50);
  page.document.title = 'Tents';
  page.wait();
  const [, view] = browser.stored.pages;
  assert.deepEqual([view.title, view.referrer], ['Tents', SITE + '/']);
});

test('a page without a title yet is waited for', () => {
  const browser = new Browser();
  const page = browser.visit('/', { title: '' }).wait(1000);
  page.document.title = 'Late';
  page.wait(1500);
  assert.equal(browser.stored.pages[0].title, 'Late');
});

test('a page that is left at once is noted all the same', () => {
  const browser = new Browser();
  browser.visit('/').fire('pagehide');
  assert.deepEqual(paths(browser), ['/']);
});

test('a new address is a page, however it came; an anchor or a changed secret is none', () => {
  const browser = new Browser();
  const page = browser.visit('/').wait();
  const go = (how) => {
    how();
    page.wait();
  };
  go(() => page.push('/tents'));
  go(() => page.window.history.replaceState(null, '', '/tents?size=2'));
  go(() => page.window.history.replaceState(null, '', '/tents?size=2'));
  go(() => page.window.history.replaceState(null, '', '/tents?size=2&token=7'));
  const hash = (to) => () => {
    page.location.href = SITE + to;
    page.fire('hashchange');
  };
  go(hash('/tents?size=2#reviews'));
  go(hash('/tents?size=2#/lamps'));
  go(() => {
    page.location.href = SITE + '/';
    page.fire('popstate');
  });
  assert.deepEqual(paths(browser), ['/', '/tents', '/tents?size=2', '/tents?size=2#/lamps', '/']);
});

test('pushState still does what it did', () => {
  const calls = [];
  const page = new Browser().visit('/', {
    before: ({ history }) => {
      history.pushState = function (...args) {
        calls.push([this === history, ...args]);
      };
    },
  });
  page.window.history.pushState({ a: 1 }, '', '/x');
  assert.deepEqual(calls, [[true, { a: 1 }, '', '/x']]);
});

test('a reload is no new page, and the same page opened again is one', () => {
  const browser = new Browser();
  browser.visit('/').wait();
  const [{ id }] = browser.stored.pages;
  browser.visit('/', { type: 'reload' }).wait();
  assert.deepEqual(browser.stored.pages.map((page) => page.id), [id]);
  browser.visit('/').wait();
  assert.deepEqual(paths(browser), ['/', '/']);
});

test('after a reload the next page counts', () => {
  const browser = new Browser();
  browser.visit('/').wait();
  const page = browser.visit('/', { type: 'reload' }).wait();
  page.push('/tents');
  page.wait();
  page.push('/');
  page.wait();
  assert.deepEqual(paths(browser), ['/', '/tents', '/']);
});

test('back out of the back/forward cache is a page', () => {
  const browser = new Browser();
  const page = browser.visit('/').wait();
  page.fire('pageshow', { persisted: false });
  page.wait();
  assert.deepEqual(paths(browser), ['/']);
  page.fire('pageshow', { persisted: true });
  page.wait();
  assert.deepEqual(paths(browser), ['/', '/']);
});

test('back out of the back/forward cache is a page also where the page was reloaded', () => {
  const browser = new Browser();
  browser.visit('/').wait();
  const page = browser.visit('/', { type: 'reload' }).wait();
  page.fire('pageshow', { persisted: true });
  page.wait();
  assert.deepEqual(paths(browser), ['/', '/']);
});

test('a page that is rendered ahead counts when it is shown', () => {
  const browser = new Browser();
  const page = browser.visit('/', { before: ({ document }) => (document.prerendering = true) }).wait();
  assert.equal(browser.stored, undefined);
  page.fire('prerenderingchange');
  page.wait();
  assert.deepEqual(paths(browser), ['/']);
});

test('thirty minutes of silence end a session, and not the memory of the first visit', () => {
  const browser = new Browser();
  browser.visit('/first').wait();
  const { first } = browser.stored;
  browser.now += 29 * MINUTE;
  browser.visit('/second').wait();
  browser.now += 29 * MINUTE;
  browser.visit('/third').wait();
  assert.equal(browser.stored.session.url, SITE + '/first');
  browser.now += 31 * MINUTE;
  const { now } = browser;
  browser.visit('/fourth').wait();
  assert.deepEqual(browser.stored.session, { at: now, url: SITE + '/fourth', last: now + 200 });
  assert.deepEqual(paths(browser), ['/fourth']);
  assert.deepEqual(browser.stored.first, first);
});

test('what was done on one page for long is no silence', () => {
  const browser = new Browser();
  const page = browser.visit('/').wait().open();
  page.say('chat', { open: true });
  browser.now += 25 * MINUTE;
  page.say('notify', { on: false });
  browser.now += 20 * MINUTE;
  const { session } = browser.stored;
  browser.visit('/tents').wait();
  assert.equal(browser.stored.session.at, session.at);
  assert.deepEqual(paths(browser), ['/', '/tents']);
});

test('who opens the chat after a long silence begins a session there', () => {
  const browser = new Browser();
  browser.visit('/first').wait();
  const page = browser.visit('/').wait().open();
  page.click();
  browser.now += 180 * MINUTE;
  const at = browser.now;
  page.click();
  const { visit, pages, page: here } = page.told('context').at(-1);
  assert.deepEqual([visit.session.at, visit.session.url, visit.first.url], [at, SITE + '/', SITE + '/first']);
  assert.deepEqual([pages.length, pages[0].at, here], [1, at, pages[0]]);
  browser.now += 20 * MINUTE;
  page.click();
  page.click();
  assert.equal(browser.stored.session.at, at, 'once');
});

test('a reload after thirty minutes begins a session', () => {
  const browser = new Browser();
  browser.visit('/').wait();
  browser.now += 31 * MINUTE;
  const { now } = browser;
  browser.visit('/', { type: 'reload' }).wait();
  assert.equal(browser.stored.session.at, now);
});

test('the last fifty pages of the session are kept', () => {
  const browser = new Browser();
  const page = browser.visit('/0');
  for (let i = 1; i < 60; i++) page.push('/' + i);
  page.wait();
  assert.equal(browser.stored.pages.length, 50);
  assert.deepEqual([paths(browser)[0], paths(browser)[49]], ['/10', '/59']);
  assert.equal(browser.stored.session.url, SITE + '/0');
});

test('two tabs write to one visit and lose nothing', () => {
  const browser = new Browser();
  const left = browser.visit('/left').wait();
  const right = browser.visit('/right').wait();
  left.push('/left/2');
  left.wait();
  right.open();
  right.push('/right/2');
  right.wait();
  left.push('/left/3');
  left.wait();
  assert.deepEqual(paths(browser), ['/left', '/right', '/left/2', '/right/2', '/left/3']);
  assert.equal(browser.stored.token, right.told('context')[0].token);
});

for (const junk of ['', 'nonsense', 'null', '5', '"x"', '[]', '{}', '{"v":2,"pages":[]}', '{"v":1}', '{"v":1,"pages":5}', '{"v":1,"pages":[null]}', '{"v":1,"pages":[{"at":1}]}']) {
  test(`a stored ${junk || 'empty string'} is replaced`, () => {
    const browser = new Browser();
    browser.localStorage.frontdesk = junk;
    browser.visit('/').wait();
    assert.deepEqual(paths(browser), ['/']);
    assert.equal(browser.stored.v, 1);
    assert.equal(browser.stored.first.url, SITE + '/');
  });
}

test('a stored session or token that makes no sense is made anew', () => {
  const browser = new Browser();
  browser.localStorage.frontdesk = '{"v":1,"pages":[],"session":{"at":5},"token":"short","extra":1}';
  const page = browser.visit('/').wait().open();
  assert.equal(browser.stored.session.url, SITE + '/');
  assert.match(page.told('context')[0].token, /^[\w-]{43}$/);
});

test('where storage is denied the visit lives in memory', () => {
  const browser = new Browser();
  const page = browser.visit('/', { storage: false }).wait();
  page.push('/tents');
  page.open();
  page.say('chat', { open: true });
  page.push('/lamps');
  page.wait(1500);
  const [{ token, pages, visit }] = page.told('context');
  assert.deepEqual(pages.map(({ url }) => url), [SITE + '/', SITE + '/tents']);
  assert.equal(visit.first.url, SITE + '/');
  assert.equal(browser.reports[0].token, token);
  assert.deepEqual([browser.localStorage, browser.sessionStorage], [{}, {}]);
});

test('storage that is denied later loses no chat', () => {
  const browser = new Browser();
  const page = browser.visit('/').wait();
  page.denyStorage();
  page.open();
  assert.match(page.told('context')[0].token, /^[\w-]{43}$/);
});

test('storage that cannot be written keeps the visit in memory, without doubles', () => {
  const browser = new Browser();
  browser.localStorage = new Proxy({}, { set: () => { throw new Error('QuotaExceededError'); } });
  const page = browser.visit('/').wait();
  page.push('/tents');
  page.wait();
  page.push('/lamps');
  page.open();
  assert.deepEqual(page.told('context')[0].pages.map(({ url }) => url.replace(SITE, '')), ['/', '/tents', '/lamps']);
});

for (const [why, options] of [
  ['data-storage="on-touch"', { data: { storage: 'on-touch' } }],
  ['Do Not Track', { navigator: { doNotTrack: '1' } }],
  ['Global Privacy Control', { navigator: { globalPrivacyControl: true } }],
]) {
  test(`with ${why} nothing is written before the touch, and this page's views after it`, () => {
    const browser = new Browser();
    const page = browser.visit('/', options).wait();
    page.push('/tents');
    page.wait();
    assert.deepEqual(browser.localStorage, {});
    page.open();
    assert.deepEqual(paths(browser), ['/', '/tents']);
    browser.visit('/lamps', options).wait();
    assert.deepEqual(paths(browser), ['/', '/tents', '/lamps'], 'touched once, remembered from then on');
  });
}

test('before the touch that is required an old visit is read, not written, and goes on with all of this page', () => {
  const browser = new Browser();
  browser.visit('/old').wait();
  const before = browser.localStorage.frontdesk;
  browser.now += 120 * MINUTE;
  const page = browser.visit('/', { data: { storage: 'on-touch' } }).wait();
  page.push('/tents');
  page.wait();
  page.push('/lamps');
  page.wait();
  assert.equal(browser.localStorage.frontdesk, before);
  page.open();
  assert.deepEqual(paths(browser), ['/', '/tents', '/lamps']);
  assert.equal(browser.stored.first.url, SITE + '/old');
});

test('without the consent that is required nothing of earlier pages is read', () => {
  const browser = new Browser();
  browser.visit('/old').wait().open();
  const page = browser.visit('/', { data: { consent: 'required' } }).wait();
  assert.equal(page.isOpen, false);
  page.open();
  const [context] = page.told('context');
  assert.deepEqual(context.pages, []);
  assert.notEqual(context.token, browser.stored.token);
});

test('without the consent that is required nothing is remembered or reported, and the chat works', () => {
  const browser = new Browser();
  const page = browser.visit('/', { data: { consent: 'required' } }).wait().open();
  page.say('chat', { open: true });
  page.push('/tents');
  page.wait();
  assert.deepEqual([browser.localStorage, browser.sessionStorage, browser.reports], [{}, {}, []]);
  const [context] = page.told('context');
  assert.deepEqual(context.pages, []);
  assert.equal(context.page.url, SITE + '/');
  assert.match(context.token, /^[\w-]{43}$/);
});

test('with the consent the page is remembered, and the chat that went on', () => {
  const browser = new Browser();
  browser.visit('/old').wait();
  const page = browser.visit('/', { data: { consent: 'required' } }).wait().open();
  page.say('chat', { open: true });
  page.api('consent', true);
  page.wait(1500);
  assert.equal(browser.reports.length, 1);
  page.api('consent', true);
  page.wait(1500);
  assert.equal(browser.reports.length, 1, 'saying it twice reports nothing twice');
  assert.deepEqual(paths(browser), ['/old', '/']);
  assert.equal(browser.stored.token, page.told('context')[0].token);
  assert.equal(browser.stored.chat, true);
});

test('a reload with consent given each time is no new page', () => {
  const browser = new Browser();
  for (const type of ['navigate', 'reload', 'reload']) {
    const page = browser.visit('/', { type, data: { consent: 'required' } }).wait();
    page.api('consent', true);
  }
  assert.deepEqual(paths(browser), ['/']);
});

test('consent given before the page has its title notes it once', () => {
  const browser = new Browser();
  browser.visit('/', { data: { consent: 'required' } }).api('consent', true);
  assert.equal(browser.stored, undefined);
});

test('consent that is withdrawn forgets, also what an earlier page has stored', () => {
  const browser = new Browser();
  browser.visit('/').wait().open();
  const page = browser.visit('/tents', { data: { consent: 'required' } }).wait();
  assert.deepEqual(paths(browser), ['/']);
  page.api('consent', false);
  page.push('/lamps');
  page.wait();
  assert.deepEqual([browser.localStorage, browser.sessionStorage], [{}, {}]);
  assert.ok(page.launcher.find('button'), 'the launcher stays');
});

test('shutdown forgets everything, takes the launcher and the frame, and stays quiet', () => {
  const browser = new Browser();
  const page = browser.visit('/').wait().open();
  page.say('chat', { open: true });
  page.api('shutdown');
  page.push('/tents');
  page.wait();
  assert.deepEqual([browser.localStorage, browser.sessionStorage, browser.reports], [{}, {}, []]);
  assert.equal(page.frame, undefined);
  assert.equal(page.html.find('div').hidden, true);
});

for (const [how, forget] of [['shutdown', ['shutdown']], ['a consent that is withdrawn', ['consent', false]]]) {
  test(`${how} lets the frame forget before it goes`, () => {
    const page = new Browser().visit('/').wait().open();
    const old = page.frame;
    const window = old.contentWindow;
    page.api(...forget);
    assert.deepEqual(window.received.at(-1), { data: { frontdesk: 1, type: 'forget' }, origin: HOST });
    assert.deepEqual([old.isConnected, old.parent.hidden, page.frame], [true, true, undefined]);
    const answer = { source: window, origin: HOST, data: { frontdesk: 1, type: 'forgotten' } };
    for (const untrue of [{ source: page.window }, { origin: SITE }, { data: null }, { data: { type: 'forgotten' } }]) {
      page.fire('message', { ...answer, ...untrue });
    }
    assert.equal(old.isConnected, true);
    page.fire('message', answer);
    assert.equal(old.isConnected, false);
  });
}

test('a frame that does not answer goes all the same, and one that still loads is told when it listens', () => {
  const page = new Browser().visit('/').wait();
  page.click();
  const old = page.frame;
  const window = old.contentWindow;
  page.api('shutdown');
  assert.deepEqual(window.received, []);
  page.fire('message', { source: window, origin: HOST, data: { frontdesk: 1, type: 'ready' } });
  assert.deepEqual(window.received.map(({ data }) => data.type), ['forget']);
  page.wait(9900);
  assert.equal(old.isConnected, true);
  page.wait(200);
  assert.equal(old.isConnected, false);
});

test('what frames have kept is forgotten also where there is no frame on the page', () => {
  const browser = new Browser();
  browser.visit('/').wait().open();
  browser.sessionStorage = {};
  const page = browser.visit('/tents').wait();
  page.api('shutdown');
  page.wait(100);
  const frame = page.html.find('iframe');
  assert.ok(frame, 'a frame has come to forget');
  page.fire('message', { source: frame.contentWindow, origin: HOST, data: { frontdesk: 1, type: 'ready' } });
  assert.deepEqual(frame.contentWindow.received.map(({ data }) => data.type), ['forget']);
  page.fire('message', { source: frame.contentWindow, origin: HOST, data: { frontdesk: 1, type: 'forgotten' } });
  assert.equal(frame.isConnected, false);
  assert.equal(browser.stored, undefined);
});

test('consent that is refused, or a shutdown, forgets also whom this page never knew, with what frames have kept', () => {
  for (const [data, forget] of [
    [{ consent: 'required' }, ['consent', false]],
    [{ consent: 'required' }, ['shutdown']],
    [{ greeting: 'Hello' }, ['shutdown']],
  ]) {
    const browser = new Browser();
    browser.visit('/').wait().open();
    browser.sessionStorage = {};
    const page = browser.visit('/tents', { data }).wait();
    page.api(...forget);
    page.wait(100);
    const frame = page.html.find('iframe');
    page.fire('message', { source: frame.contentWindow, origin: HOST, data: { frontdesk: 1, type: 'ready' } });
    assert.deepEqual(frame.contentWindow.received.map(({ data }) => data.type), ['forget']);
    assert.deepEqual([browser.stored, page.frame], [undefined, undefined]);
  }
  const page = new Browser().visit('/', { data: { consent: 'required' } }).wait();
  page.api('consent', false);
  page.wait(100);
  assert.deepEqual([page.html.find('iframe'), page.scripts], [undefined, []], 'of nobody there is nothing to forget');
});

test('without consent no chat reports where its visitor is', async () => {
  const browser = new Browser();
  const page = browser.visit('/', { data: { visitors: 'live', consent: 'required' } }).wait().open();
  page.say('chat', { open: true });
  await page.later(5000);
  assert.deepEqual(browser.reports, []);
});

test('a consent that comes late and brings back a chat shows that chat; without one the visitor stays who they are', () => {
  for (const chat of [1, undefined]) {
    const browser = new Browser();
    browser.visit('/').open();
    const before = browser.stored.token;
    browser.localStorage.frontdesk = JSON.stringify({ ...browser.stored, chat });
    browser.sessionStorage = {};
    const page = browser.visit('/tents', { data: { consent: 'required' } }).wait().open();
    const [{ token }] = page.told('context');
    assert.notEqual(token, before);
    page.api('consent', true);
    if (chat) page.say('ready');
    assert.equal(page.told('context').at(-1).token, chat ? before : token);
    assert.equal(browser.stored.token, chat ? before : token);
  }
});

test('a storage that takes no more makes no report come again and again', async () => {
  const browser = new Browser();
  const page = browser.visit('/', { data: { visitors: 'live' } });
  await page.later(5000);
  const kept = browser.localStorage.frontdesk;
  const before = browser.reports.length;
  Object.defineProperty(browser.localStorage, 'frontdesk', {
    get: () => kept,
    set() {
      throw new Error('full');
    },
  });
  page.push('/tents');
  for (let turn = 0; turn < 20; turn++) await page.later(2000);
  assert.equal(browser.reports.length, before + 1);
});
