// The launcher, the frame, and what the two say to each other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, HOST, SITE } from './page.mjs';

/** Long enough for a page view to be reported. */
const SOON = 1500;

const stub = (window) => {
  window.frontdesk = function () {
    (window.frontdesk.q = window.frontdesk.q || []).push(arguments);
  };
};

test('the launcher says what it does, and whether the chat is open', () => {
  const page = new Browser().visit('/');
  assert.deepEqual([page.button.attributes['aria-label'], page.button.attributes['aria-expanded']], ['Open chat', 'false']);
  page.click();
  assert.deepEqual([page.button.attributes['aria-label'], page.button.attributes['aria-expanded']], ['Close chat', 'true']);
});

test('a touch opens the frame: named, from the host, with what the script tag says', () => {
  const page = new Browser().visit('/', { data: { department: 'Sales & more', lang: 'fr', color: '#0f766e' } });
  page.click();
  assert.equal(page.frame.title, 'Chat');
  assert.equal(page.frame.allow, 'clipboard-write; autoplay');
  const url = new URL(page.frame.src);
  assert.equal(url.origin + url.pathname, HOST + '/widget');
  assert.deepEqual(Object.fromEntries(url.searchParams), { origin: SITE, department: 'Sales & more', lang: 'fr,en', color: 'rgb(15, 118, 110)' });
  assert.ok(page.frame.focused);
});

test('the chat is asked for in the language of the tag, then in that of the page', () => {
  const asked = (data, lang = 'en') => {
    const page = new Browser().visit('/', { data });
    page.html.lang = lang;
    return new URL(page.click().frame.src).searchParams.get('lang');
  };
  assert.equal(asked({ lang: 'tlh' }), 'tlh,en');
  assert.equal(asked({}, 'de-AT'), ',de-AT');
  assert.equal(asked({}, ''), ',');
});

test('a colour is used when it is one', () => {
  const color = (given) => new Browser().visit('/', { data: { color: given } }).html.find('div').attributes['--color'];
  assert.equal(color('#0f766e'), '#0f766e');
  assert.equal(color('red;}*{display:none'), undefined);
  assert.equal(color(undefined), undefined);
});

test('a colour that the page has a name for is one that the frame knows', () => {
  const page = new Browser().visit('/', { data: { color: 'brand' } });
  page.colors.brand = 'rgb(1, 2, 3)';
  assert.equal(new URL(page.click().frame.src).searchParams.get('color'), 'rgb(1, 2, 3)');
  assert.equal(page.html.find('div').attributes['--color'], 'brand', 'the launcher follows the page');
  const plain = new Browser().visit('/').click();
  assert.equal(new URL(plain.frame.src).searchParams.has('color'), false);
});

test('the frame that is ready gets the context', () => {
  const browser = new Browser();
  const page = browser.visit('/', { title: 'Home' });
  page.api('identify', { name: 'Ada', email: 'ada@example.org' });
  page.api('set', { plan: 'pro' });
  page.api('set', { seats: 3 });
  page.open();
  const [{ data, origin }] = page.frame.window.received;
  const { first, session, pages, token } = browser.stored;
  assert.equal(origin, HOST, 'never to just anyone');
  assert.deepEqual(data, {
    frontdesk: 1,
    type: 'context',
    token,
    open: true,
    visit: { first, session },
    pages,
    page: pages[0],
    consented: true,
    identity: { name: 'Ada', email: 'ada@example.org' },
    data: { plan: 'pro', seats: 3 },
  });
  assert.match(token, /^[\w-]{43}$/);
  assert.equal(Buffer.from(token, 'base64url').length, 32);
  assert.equal(Buffer.from(token, 'base64url').toString('base64url'), token);
});

test('nothing is told before the frame listens', () => {
  const page = new Browser().visit('/');
  page.click();
  page.api('set', { plan: 'pro' });
  page.push('/tents');
  page.wait();
  assert.deepEqual(page.told(), []);
});

test('identify and set tell the frame anew, with copies', () => {
  const page = new Browser().visit('/').open();
  const person = { name: 'Ada', greet() {} };
  page.api('identify', person);
  person.name = 'Grace';
  page.api('set', { plan: 'pro' });
  const contexts = page.told('context');
  assert.equal(contexts.length, 3);
  assert.deepEqual(contexts[2].identity, { name: 'Ada' });
  assert.equal(contexts[2].data.plan, 'pro');
});

test('the token stays the same for the visitor', () => {
  const browser = new Browser();
  const tokens = ['/', '/tents'].map((path) => {
    const page = browser.visit(path).wait();
    page.api('open');
    page.wait().say('ready');
    return page.told('context')[0].token;
  });
  assert.equal(tokens[0], tokens[1]);
});

test('opening and closing is told to the frame and to the page', () => {
  const events = [];
  const page = new Browser().visit('/');
  page.api('on', 'open', () => events.push('open'));
  page.api('on', 'close', () => events.push('close'));
  page.open();
  page.api('open');
  page.api('toggle');
  page.api('close');
  page.click();
  page.wait();
  assert.deepEqual(page.told('visible').map(({ open }) => open), [false, true]);
  assert.deepEqual(events, ['open', 'close', 'open']);
});

test('the frame closes itself, and the focus comes back to the launcher', () => {
  const page = new Browser().visit('/').open();
  page.document.activeElement = page.launcher;
  page.say('close');
  assert.equal(page.isOpen, false);
  assert.ok(page.button.focused);
});

test('without a launcher the focus comes back to what had it', () => {
  const page = new Browser().visit('/');
  const own = page.document.createElement('button');
  page.document.activeElement = own;
  page.api('hide');
  page.api('open');
  page.wait();
  page.document.activeElement = page.launcher;
  page.say('close');
  assert.equal(own.focused, true);
});

test('a chat that the page closes leaves the focus where it is', () => {
  const page = new Browser().visit('/').open();
  page.document.activeElement = page.document.body;
  page.api('close');
  assert.ok(!page.button.focused);
});

test('Escape on the launcher closes', () => {
  const page = new Browser().visit('/').open();
  const { onkeydown } = page.html.find('div');
  assert.notEqual(onkeydown({ key: 'Enter' }), false, 'false would take the key from the button');
  assert.equal(page.isOpen, true);
  onkeydown({ key: 'Escape' });
  assert.equal(page.isOpen, false);
});

test('only the frame itself is listened to', () => {
  const page = new Browser().visit('/').open();
  const untrue = [
    { source: page.window },
    { source: null },
    { origin: SITE },
    { origin: HOST + '.evil.example' },
    { data: null },
    { data: 'close' },
    { data: { type: 'close' } },
    { data: { frontdesk: 2, type: 'close' } },
    { data: { frontdesk: 1, type: 'unheard' } },
  ];
  for (const event of untrue) page.say('close', {}, event);
  assert.equal(page.isOpen, true);
  page.say('close');
  assert.equal(page.isOpen, false);
});

test('while a chat goes on each page is sent, and told to the frame', async () => {
  const browser = new Browser();
  const page = browser.visit('/').wait().open();
  page.push('/before');
  page.wait();
  assert.deepEqual(browser.reports, [], 'not before the chat');
  page.say('chat', { open: true });
  page.push('/tents?token=7');
  page.wait();
  assert.deepEqual(browser.reports, [], 'what comes close together goes together');
  const { sent, ...view } = browser.stored.pages[2];
  assert.equal(sent, undefined);
  await page.later(SOON);
  const report = { by: 'fetch', to: HOST + '/api/visitor/page-views', token: browser.stored.token, pages: [view] };
  assert.deepEqual(browser.reports, [report]);
  assert.equal(browser.stored.pages[2].sent, 1);
  assert.deepEqual(page.told('page').map(({ page: { url } }) => url), [SITE + '/before', SITE + '/tents']);
  await browser.visit('/lamps').later(SOON);
  assert.deepEqual(browser.reports[1].pages.map(({ url }) => url), [SITE + '/lamps']);
  await browser.visit('/lamps', { type: 'reload' }).later(SOON);
  assert.equal(browser.reports.length, 2, 'a reload is not sent');
  page.say('chat', { open: false });
  page.push('/after');
  page.wait(SOON);
  assert.equal(browser.reports.length, 2, 'nor what comes after the end');
});

test('page views are sent by fetch, without credentials and without a preflight', async () => {
  const browser = new Browser();
  const page = browser.visit('/').wait().open();
  page.say('chat', { open: true });
  page.push('/tents');
  await page.later(SOON);
  const [[to, { body, ...init }]] = browser.fetches;
  assert.deepEqual([to, init], [HOST + '/api/visitor/page-views', { method: 'POST', keepalive: true, credentials: 'omit' }]);
  assert.equal(typeof body, 'string');
});

for (const [why, sendBeacon] of [['missing', undefined], ['full', () => false]]) {
  test(`where a beacon is ${why} the page that is left sends by fetch`, () => {
    const browser = new Browser();
    const page = browser.visit('/', { navigator: { sendBeacon } }).wait().open();
    page.say('chat', { open: true });
    page.push('/tents');
    page.fire('pagehide');
    const [{ by, pages }] = browser.reports;
    assert.deepEqual([by, pages[0].url], ['fetch', SITE + '/tents']);
  });
}

/** A chat that goes on, and the paths of the page views in each report. */
const chatting = () => {
  const browser = new Browser();
  const page = browser.visit('/').wait().open();
  page.say('chat', { open: true });
  const reported = () => browser.reports.map(({ pages }) => pages.map(({ url }) => url.replace(SITE, '')).join(' '));
  return { browser, page, reported };
};

test('what was sent off line is sent again on line, once', async () => {
  const { browser, page, reported } = chatting();
  browser.status = undefined;
  page.push('/tents');
  await page.later(SOON);
  assert.deepEqual(reported(), ['/tents']);
  await page.later(60_000);
  assert.deepEqual(reported(), ['/tents'], 'nobody asks in between');
  browser.status = 204;
  page.fire('online');
  await page.later(SOON);
  page.fire('online');
  await page.later(SOON);
  assert.deepEqual(reported(), ['/tents', '/tents']);
});

for (const status of [undefined, 429, 503]) {
  test(`page views that were answered by ${status} go with the next page, also a later one of the website`, async () => {
    const { browser, page, reported } = chatting();
    browser.status = status;
    page.push('/tents');
    await page.later(SOON);
    page.push('/pegs');
    await page.later(SOON);
    browser.status = 204;
    await browser.visit('/lamps').later(SOON);
    await browser.visit('/').later(SOON);
    assert.deepEqual(reported(), ['/tents', '/tents /pegs', '/tents /pegs /lamps', '/']);
  });
}

test('page views that the server refuses for good are not sent again', async () => {
  const { browser, page, reported } = chatting();
  browser.status = 422;
  page.push('/tents');
  await page.later(SOON);
  page.push('/pegs');
  await page.later(SOON);
  assert.deepEqual(reported(), ['/tents', '/pegs']);
});

test('what is on its way is not sent a second time, and what came meanwhile follows', async () => {
  const { page, reported } = chatting();
  page.push('/tents');
  page.wait(SOON);
  page.push('/pegs');
  page.wait(SOON);
  page.fire('online');
  page.wait(SOON);
  assert.deepEqual(reported(), ['/tents']);
  page.push('/lamps');
  page.fire('pagehide');
  assert.deepEqual(reported(), ['/tents', '/pegs /lamps'], 'there is no later for it');
  await page.later(SOON);
  assert.deepEqual(reported().slice(2), ['/pegs /lamps'], 'whether a beacon arrived nobody knows');
});

test('what was sent when the page was hidden is sent with an answer when it is seen again', async () => {
  const { browser, page, reported } = chatting();
  page.push('/tents');
  page.wait();
  page.document.hidden = true;
  page.fire('visibilitychange');
  page.document.hidden = false;
  page.fire('visibilitychange');
  await page.later(SOON);
  assert.deepEqual(browser.reports.map(({ by }) => by), ['beacon', 'fetch']);
  assert.deepEqual(reported(), ['/tents', '/tents']);
  assert.equal(browser.stored.pages[1].sent, 1);
});

test('many page views go in several reports, the oldest first, each small enough to be sent', async () => {
  const { browser, page } = chatting();
  for (let i = 0; i < 25; i++) {
    page.document.title = '\u0001'.repeat(400);
    page.push(`/${i}?q=${'x'.repeat(3000)}`);
  }
  await page.later(SOON);
  assert.deepEqual(browser.reports.map(({ pages }) => pages.length), [10, 10, 5]);
  const ids = browser.reports.flatMap(({ pages }) => pages.map(({ id }) => id));
  assert.deepEqual(ids, browser.stored.pages.slice(1).map(({ id }) => id));
  for (const [, { body }] of browser.fetches) assert.ok(body.length < 64 << 10, `${body.length}`);
});

test('a chat that goes on is there on the next page, hidden, after the load', () => {
  const browser = new Browser();
  const first = browser.visit('/').wait().open();
  first.say('chat', { open: true });
  first.click();
  const page = browser.visit('/tents', { before: ({ document }) => (document.readyState = 'interactive') });
  assert.equal(page.frame, undefined);
  page.fire('load');
  page.wait();
  assert.equal(page.isOpen, false);
  assert.equal(new URL(page.frame.src).searchParams.get('resume'), '1');
  page.say('ready');
  assert.equal(page.told('context')[0].open, false);
  page.say('unread', { count: 2 });
  assert.equal(page.badge, '2 unread messages');
});

test('a panel that was open is open on the next page of the tab, and takes no focus', () => {
  const browser = new Browser();
  browser.visit('/').wait().open();
  const page = browser.visit('/tents').wait();
  assert.equal(page.isOpen, true);
  assert.ok(!page.frame.focused);
  page.click();
  assert.equal(browser.visit('/lamps').wait().isOpen, false);
});

test('after the end of a chat the next page has no frame', () => {
  const browser = new Browser();
  const page = browser.visit('/').wait().open();
  page.say('chat', { open: true });
  page.say('chat', { open: false });
  page.click();
  assert.equal(browser.visit('/tents').wait().frame, undefined);
});

test('unread messages are counted on the launcher, described on it, and told to the page', () => {
  const counts = [];
  const page = new Browser().visit('/').open();
  page.api('on', 'unread', (count) => counts.push(count));
  for (const [count, text] of [[1, '1 unread message'], [3, '3 unread messages'], [12, '9+ unread messages'], [0, '']]) {
    page.say('unread', { count });
    assert.equal(page.badge, text);
    assert.equal(page.button.title, text);
  }
  for (const count of [-1, 'x', NaN, undefined]) page.say('unread', { count });
  page.wait();
  assert.deepEqual(counts, [1, 3, 12, 0]);
});

test('the chat\'s events reach the page, and a handler that throws stops nobody', () => {
  const heard = [];
  const page = new Browser().visit('/').open();
  page.api('on', 'message', () => {
    throw new Error('the page\'s own mistake');
  });
  page.api('on', 'message', (message) => heard.push(message.text));
  for (const name of ['chat-started', 'chat-ended']) page.api('on', name, ({ chat }) => heard.push([name, chat]));
  page.say('event', { name: 'chat-started', data: { chat: '7' } });
  page.say('event', { name: 'message', data: { text: 'Hello', by: 'Grace', at: 5 } });
  page.say('event', { name: 'chat-ended', data: { chat: '7' } });
  page.wait();
  assert.deepEqual(heard, [['chat-started', '7'], 'Hello', ['chat-ended', '7']]);
  assert.deepEqual(page.warnings, ['the page\'s own mistake']);
});

test('what the start of a chat has not taken along is reported: pages since then, and those of another tab', async () => {
  const browser = new Browser();
  const page = browser.visit('/').wait().open();
  const other = browser.visit('/other').wait();
  other.push('/other/2');
  other.wait();
  page.push('/tents');
  page.wait();
  const { at } = page.told('page')[0].page;
  page.push('/pegs');
  page.wait();
  page.say('chat', { open: true, at });
  await page.later(SOON);
  const reported = () => browser.reports.flatMap(({ pages }) => pages.map(({ url }) => url.replace(SITE, '')));
  assert.deepEqual(reported(), ['/other', '/other/2', '/pegs']);
  assert.ok(browser.stored.pages.every(({ sent }) => sent));
});

test('a plain form takes along what it knew when it was posted; a frame that does not say has what it was told', async () => {
  const started = async (posted) => {
    const browser = new Browser();
    const page = browser.visit('/').wait().open();
    const [{ at }] = page.told('context')[0].pages;
    if (posted) page.say('posted', { at });
    page.push('/tents');
    page.wait();
    page.say('chat', { open: true });
    await page.later(SOON);
    return browser.reports.flatMap(({ pages }) => pages.map(({ url }) => url.replace(SITE, '')));
  };
  assert.deepEqual([await started(true), await started(false)], [['/tents'], []]);
});

test('page views say which site they are of', async () => {
  const browser = new Browser();
  const page = browser.visit('/', { data: { site: 'shop' } }).wait().open();
  page.say('chat', { open: true });
  page.push('/tents');
  await page.later(SOON);
  assert.equal(browser.reports[0].site, 'shop');
});

/** A browser's notifications: `answer` is the visitor's when they are asked, `shows` where a page may show some at all. */
const notifications = (answer, { permission = 'default', shows = true } = {}) =>
  class Notification {
    static permission = permission;
    static asked = 0;
    static shown = [];
    static async requestPermission() {
      Notification.asked++;
      if (Notification.permission === 'default') Notification.permission = answer;
    }
    constructor(title, more) {
      if (!shows) throw new TypeError('Illegal constructor');
      Object.assign(this, { title, ...more });
      if (Notification.permission === 'granted') Notification.shown.push(this);
    }
    close() {
      this.closed = true;
    }
  };
const states = (page) => page.told('notify').map(({ state }) => state);
const wish = async (page, on = true) => {
  page.say('notify', { on });
  await page.later(0);
};
const write = (page, text = 'Hello') => page.say('event', { name: 'message', data: { text, by: 'Grace', at: 5 } });

test('nobody is asked about notifications unasked, and nothing is shown', async () => {
  const notification = notifications('granted');
  const page = new Browser().visit('/', { notification }).wait().open();
  page.document.hidden = true;
  write(page);
  await page.later(SOON);
  assert.deepEqual([notification.asked, notification.shown, states(page)], [0, [], ['off']]);
});

test('who wishes it is told of messages while they look elsewhere, and comes back by a click', async () => {
  const browser = new Browser();
  const notification = notifications('granted');
  const page = browser.visit('/', { notification }).wait().open();
  await wish(page);
  assert.deepEqual([notification.asked, states(page).at(-1), browser.stored.notify], [1, 'on', 1]);
  write(page);
  assert.deepEqual(notification.shown, [], 'not who looks');
  page.click();
  page.document.hidden = true;
  write(page, '🙂'.repeat(200));
  const [shown] = notification.shown;
  assert.deepEqual([shown.title, shown.body, shown.tag], ['Grace', '🙂'.repeat(120), 'frontdesk']);
  assert.equal(page.isOpen, false);
  shown.onclick();
  assert.deepEqual([page.isOpen, page.focused, shown.closed], [true, true, true]);
  await wish(page, false);
  write(page);
  assert.deepEqual([notification.shown.length, states(page).at(-1), browser.stored.notify], [1, 'off', undefined]);
});

test('the wish is remembered with the visit, and forgotten with it', async () => {
  const browser = new Browser();
  const notification = notifications('granted');
  const page = browser.visit('/', { notification }).wait().open();
  await wish(page);
  const next = browser.visit('/tents', { notification }).wait();
  next.say('ready');
  assert.deepEqual([states(next), notification.asked], [['on'], 1]);
  next.api('shutdown');
  const other = browser.visit('/', { notification }).wait().open();
  assert.deepEqual(states(other), ['off']);
});

for (const [why, notification, state] of [
  ['says no', notifications('denied'), 'denied'],
  ['said no before', notifications('granted', { permission: 'denied' }), 'denied'],
  ['does not answer', notifications('default'), 'off'],
  ['has a browser without them', undefined, 'unavailable'],
  ['has a browser that shows none for pages', notifications('granted', { shows: false }), 'unavailable'],
]) {
  test(`a visitor who ${why} hears that notifications are ${state}`, async () => {
    const page = new Browser().visit('/', { notification }).wait().open();
    await wish(page);
    assert.equal(states(page).at(-1), state);
    page.document.hidden = true;
    write(page);
    await page.later(0);
    assert.deepEqual([page.warnings, notification?.shown ?? []], [[], []]);
  });
}

test('a browser that shows none after all is found out', async () => {
  const notification = notifications('granted', { permission: 'granted', shows: false });
  const page = new Browser().visit('/', { notification }).wait().open();
  await wish(page);
  assert.equal(states(page).at(-1), 'on');
  page.document.hidden = true;
  write(page);
  assert.equal(states(page).at(-1), 'unavailable');
});

test('a visitor who was quicker than the loader keeps the token of their form', () => {
  const browser = new Browser();
  const page = browser.visit('/').open();
  const token = 'f'.repeat(43);
  page.say('token', { token });
  page.say('chat', { open: true });
  assert.equal(browser.stored.token, token);
  const next = browser.visit('/next').open();
  assert.equal(next.told('context')[0].token, token);
});

test('what is no token is not kept', () => {
  const browser = new Browser();
  browser.visit('/').open().say('token', { token: '<script>' });
  const next = browser.visit('/next').open();
  assert.match(next.told('context')[0].token, /^[\w-]{43}$/);
});

test('what the page asked for before the loader came is done', () => {
  const events = [];
  const page = new Browser().visit('/', {
    before: (window) => {
      stub(window);
      window.frontdesk('on', 'ready', () => events.push('ready'));
      window.frontdesk('set', null);
      window.frontdesk('identify');
      window.frontdesk('open');
    },
  }).wait();
  assert.deepEqual(events, ['ready']);
  assert.equal(page.isOpen, true, 'a call that fails does not stop the next');
});

test('who has kept the stub goes on by it', () => {
  let kept;
  const page = new Browser().visit('/', {
    before: (window) => {
      stub(window);
      kept = window.frontdesk;
    },
  });
  kept('open');
  page.wait();
  assert.equal(page.isOpen, true);
});

test('ready is told to whoever asks late', () => {
  const events = [];
  const page = new Browser().visit('/').wait();
  page.api('on', 'ready', () => events.push('ready'));
  page.wait();
  assert.deepEqual(events, ['ready']);
});

test('a method that does not exist is warned about', () => {
  const page = new Browser().visit('/');
  page.api('opne');
  assert.equal(page.warnings.length, 1);
  assert.match(page.warnings[0], /opne/);
});

test('a second copy of the script does nothing', () => {
  const page = new Browser().visit('/');
  const { frontdesk } = page.window;
  page.runLoader();
  page.wait();
  assert.equal(page.window.frontdesk, frontdesk);
  assert.equal(page.launchers, 1);
  assert.equal(page.browser.stored.pages.length, 1);
});

test('hide takes the launcher, not the way out of a chat that the page opens', () => {
  const page = new Browser().visit('/').open();
  const box = page.html.find('div');
  page.api('hide');
  assert.deepEqual([box.hidden, page.isOpen], [true, false]);
  page.api('open');
  assert.deepEqual([box.hidden, page.isOpen], [false, true]);
  page.api('close');
  assert.equal(box.hidden, true);
  page.api('show');
  assert.equal(box.hidden, false);
});

test('a framework that throws us out does not lose us, and a body that is replaced takes nothing along', () => {
  const page = new Browser().visit('/').open();
  page.say('chat', { open: true });
  const changed = () => {
    for (const observer of page.observers) observer();
    page.wait();
  };
  const { src } = page.frame;
  page.document.body.remove();
  changed();
  assert.equal(page.frame.src, src, 'the frame is as it was');
  page.launcher.remove();
  page.api('set', { plan: 'pro' });
  changed();
  assert.equal(page.launcher, undefined);
  page.html.append(page.document.createElement('body'));
  changed();
  assert.ok(page.launcher);
  assert.equal(new URL(page.frame.src).searchParams.get('resume'), '1', 'the moved frame loads what goes on now');
  page.push('/lamps');
  page.wait();
  assert.equal(page.told('page').length, 0, 'and is told nothing before it listens again');
  assert.deepEqual(page.warnings, []);
});

test('in the head of a page, before there is a body, the launcher waits for it', () => {
  const page = new Browser().visit('/', { before: ({ document }) => document.body.remove() });
  assert.equal(page.launcher, undefined);
  page.html.append(page.document.createElement('body'));
  for (const observer of page.observers) observer();
  page.wait();
  assert.ok(page.launcher);
});
