// The launcher's and the panel's looks and manners: texts, greeting, size, title, and the whole screen of a phone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, HOST } from './page.mjs';

const ownState = { idx: 3, key: 'abc' };
const phone = { phone: true };

test('a launcher with a text is named by it, too', () => {
  const page = new Browser().visit('/', { data: { launcher: 'Ask us' } });
  assert.equal(page.button.find('span').textContent, 'Ask us');
  assert.equal(page.button.attributes['aria-label'], 'Open chat: Ask us');
  page.click();
  assert.equal(page.button.attributes['aria-label'], 'Close chat: Ask us');
});

for (const launcher of ['icon', '', undefined]) {
  test(`a launcher of ${launcher === undefined ? 'nothing said' : `"${launcher}"`} is an icon`, () => {
    const page = new Browser().visit('/', { data: { launcher } });
    assert.equal(page.button.find('span'), undefined);
    assert.equal(page.button.attributes['aria-label'], 'Open chat');
  });
}

test('where the page has a button of its own there is no launcher, but a way out', () => {
  const page = new Browser().visit('/', { data: { launcher: 'none' } });
  const box = page.html.find('div');
  assert.equal(box.hidden, true);
  page.api('open');
  page.wait();
  assert.equal(box.hidden, false);
});

test('a keyboard that came back to the page while that of the frame came is given to the frame again', () => {
  for (const [events, given] of [[['blur', 'focus'], true], [['blur'], false], [['focus', 'blur'], false]]) {
    const page = new Browser().visit('/');
    page.click();
    page.html.find('#shadow').activeElement = page.frame;
    events.forEach((name) => page.fire(name));
    page.frame.focused = undefined;
    page.say('ready');
    assert.equal(page.frame.focused, given || undefined, events.join());
  }
});

test('light or dark goes to the frame, and to the panel around it', () => {
  const page = new Browser().visit('/', { data: { theme: 'dark' } }).open();
  assert.equal(new URL(page.frame.src).searchParams.get('theme'), 'dark');
  assert.match(page.html.find('div').className, /\bdark\b/);
});

const paint = (page, html, body) => {
  page.html.computed = html;
  page.document.body.computed = body;
};
const ground = (backgroundColor) => ({ backgroundColor });

for (const [theme, html, body] of [
  ['dark', { colorScheme: 'dark', backgroundColor: 'rgb(255, 255, 255)' }],
  ['light', { colorScheme: 'light' }, ground('rgb(0, 0, 0)')],
  ['dark', { colorScheme: 'light dark' }, ground('rgb(20, 20, 30)')],
  ['light', ground('rgb(0, 0, 0)'), ground('rgb(250, 250, 250)')],
  ['dark', ground('rgb(0, 0, 0)'), ground('rgba(250, 250, 250, 0.2)')],
  ['dark', {}, ground('oklch(0.21 0.034 264.665)')],
  ['light', {}, ground('oklab(0.9 0 0 / 0.9)')],
  ['dark', {}, ground('lab(12 3 -4)')],
  ['light', {}, ground('color(display-p3 0.9 0.95 1)')],
  ['light', {}, {}],
  [undefined, { colorScheme: 'light dark' }, {}],
]) {
  test(`where the theme is the page's, ${JSON.stringify([html, body])} is ${theme || 'as the system'}`, () => {
    const page = new Browser().visit('/', { data: { theme: 'page' } });
    paint(page, html, body);
    page.open();
    assert.equal(new URL(page.frame.src).searchParams.get('theme'), 'page');
    page.say('look');
    assert.deepEqual(page.told('theme').map((told) => told.theme), [theme]);
    assert.equal(/\b(light|dark)\b/.exec(page.html.find('div').className)?.[0], theme);
  });
}

test('a page that turns dark is seen when the panel opens again, and told to whom asked', () => {
  const page = new Browser().visit('/', { data: { theme: 'page' } }).open();
  const themes = () => page.told('theme').map(({ theme }) => theme);
  paint(page, {}, ground('rgb(0, 0, 0)'));
  page.click();
  page.click();
  assert.deepEqual(themes(), [], 'a frame that does not ask has no ears');
  page.say('look');
  paint(page, {}, ground('rgb(255, 255, 255)'));
  page.click();
  page.click();
  page.click();
  page.click();
  assert.deepEqual(themes(), ['dark', 'light']);
  assert.match(page.html.find('div').className, /\blight\b/);
});

test('a frame that asks before the other half is there gets its answer', () => {
  const page = new Browser().visit('/', { data: { theme: 'page' } });
  paint(page, { colorScheme: 'dark' });
  page.button.onpointerdown();
  page.say('look');
  assert.deepEqual(page.told(), []);
  page.wait();
  assert.deepEqual(page.told().map(({ theme }) => theme), ['dark']);
});

// ------------------------------------------------------------------------------------------------------ the greeting

const greeting = { data: { greeting: 'Any questions?', greetingDelay: '3' } };
/** What is said there, once something is; its place is there before. */
const place = (page) => page.html.find('p');
const bubble = (page) => (place(page)?.children.length ? place(page) : undefined);

test('the greeting comes when it was said, and opens the chat', async () => {
  const browser = new Browser();
  const page = await browser.visit('/', { data: { ...greeting.data, site: 'shop-de' } }).later(2900);
  assert.deepEqual([bubble(page), browser.fetches], [undefined, []]);
  assert.equal(place(page).attributes.role, 'status', 'what comes together with its place is read out by few');
  await page.later(200);
  assert.equal(bubble(page).find('button').textContent, 'Any questions?');
  assert.equal(bubble(page).find('button').dir, 'auto');
  assert.deepEqual(browser.fetches, [[HOST + '/api/visitor/available?site=shop-de&lang=%2Cen', { credentials: 'omit' }]]);
  assert.equal(page.frame, undefined, 'nobody has touched it yet');
  bubble(page).find('button').onclick();
  assert.equal(page.isOpen, true);
  assert.equal(bubble(page), undefined);
});

/** What the server and the frame say of the chat's language. */
const words = {
  title: 'Czat',
  open: 'Otwórz czat',
  close: 'Zamknij czat',
  unread: '1 nieprzeczytana wiadomość',
  unreads: '{0} (nieprzeczytane wiadomości)',
  resize: 'Zmień rozmiar czatu',
  dismiss: 'Odrzuć',
};
const label = (element) => element.attributes['aria-label'];

test('what stands beside the greeting is in the language of the chat', async () => {
  const page = await Object.assign(new Browser(), { words }).visit('/', greeting).later(4000);
  assert.equal(label(bubble(page).children[1]), 'Odrzuć');
  assert.equal(label(page.button), 'Otwórz czat');
});

test('once the frame is ready the page speaks the language of the chat', () => {
  const page = new Browser().visit('/', { data: { launcher: 'Pomoc' } });
  page.click();
  assert.deepEqual([page.frame.title, label(page.button), label(grip(page))], ['Chat', 'Close chat: Pomoc', 'Resize chat']);
  page.say('ready', { words });
  assert.deepEqual([page.frame.title, label(page.button), label(grip(page))], ['Czat', 'Zamknij czat: Pomoc', 'Zmień rozmiar czatu']);
  page.click();
  assert.equal(label(page.button), 'Otwórz czat: Pomoc');
  for (const [count, text] of [[1, words.unread], [5, '5 (nieprzeczytane wiadomości)'], [12, '9+ (nieprzeczytane wiadomości)']]) {
    page.say('unread', { count });
    assert.equal(page.badge, text);
  }
});

test('without a colour of its own the launcher takes that of its site', () => {
  const color = (told, data) => {
    const page = new Browser().visit('/', { data });
    page.click();
    page.say('ready', { color: told });
    return page.html.find('div').attributes['--color'];
  };
  assert.equal(color('#0f766e'), '#0f766e');
  assert.equal(color('#0f766e', { color: '#111111' }), '#111111');
  assert.equal(color(''), undefined);
  assert.equal(color(undefined), undefined);
});

test('nobody is greeted while nobody is there to answer, or nobody knows', async () => {
  for (const state of [{ available: false }, { available: undefined }, { status: undefined }]) {
    const page = await Object.assign(new Browser(), state).visit('/', greeting).later(4000);
    assert.equal(bubble(page), undefined);
    assert.deepEqual(page.warnings, []);
  }
});

test('a greeting that is dismissed stays away in this tab', async () => {
  const browser = new Browser();
  const page = await browser.visit('/', greeting).later(4000);
  bubble(page).children[1].onclick();
  assert.equal(bubble(page), undefined);
  assert.equal(page.isOpen, false);
  assert.equal(bubble(await browser.visit('/tents', greeting).later(4000)), undefined);
  assert.equal(browser.fetches.length, 1, 'and nobody is asked for it');
  browser.sessionStorage = {};
  assert.ok(bubble(await browser.visit('/tents', greeting).later(4000)), 'another tab');
});

test('who is in the chat or has no launcher is not greeted', async () => {
  const open = new Browser().visit('/', greeting).open();
  assert.equal(bubble(await open.later(4000)), undefined);
  const hidden = new Browser().visit('/', greeting);
  hidden.api('hide');
  assert.equal(bubble(await hidden.later(4000)), undefined);
  const quick = new Browser().visit('/', greeting).wait(3100);
  quick.open();
  assert.equal(bubble(await quick.later(0)), undefined, 'not who opens it while the answer is on its way');
});

// ---------------------------------------------------------------------------------------------------------- the size

const width = (page) => page.html.find('div').attributes['--w'];
const height = (page) => page.html.find('div').attributes['--h'];
const grip = (page) => page.html.find('section').find('button');
const press = (page, key) => grip(page).onkeydown({ key, preventDefault() {} });

test('the panel is made larger at its corner, and stays so in this tab', () => {
  const browser = new Browser();
  const page = browser.visit('/').open();
  grip(page).setPointerCapture = () => {};
  grip(page).onpointerdown({ pointerId: 1, clientX: 1000, clientY: 200 });
  grip(page).onpointermove({ clientX: 960, clientY: 170 });
  grip(page).onlostpointercapture();
  grip(page).onpointermove({ clientX: 0, clientY: 0 });
  assert.deepEqual([width(page), height(page)], ['432px', '710px']);
  assert.equal(width(browser.visit('/tents').wait()), '432px');
  browser.sessionStorage = {};
  assert.equal(width(browser.visit('/tents').open()), undefined);
});

test('arrow keys and a double click change the size, within bounds', () => {
  const page = new Browser().visit('/').open();
  press(page, 'ArrowLeft');
  press(page, 'ArrowUp');
  assert.deepEqual([width(page), height(page)], ['412px', '700px']);
  for (let i = 0; i < 100; i++) press(page, 'ArrowRight');
  assert.equal(width(page), '320px');
  for (let i = 0; i < 100; i++) press(page, 'ArrowUp');
  assert.equal(height(page), '780px', 'not higher than the window');
  const before = width(page);
  press(page, 'a');
  assert.equal(width(page), before);
  grip(page).ondblclick();
  assert.equal(width(page), '392px');
  grip(page).ondblclick();
  assert.equal(width(page), '560px');
});

for (const junk of ['nonsense', '5', '["a","b"]', '[-1,0]', '{}']) {
  test(`a kept size of ${junk} counts as none`, () => {
    const browser = new Browser();
    browser.sessionStorage['frontdesk.size'] = junk;
    assert.equal(width(browser.visit('/').open()), undefined);
  });
}

// --------------------------------------------------------------------------------------------------------- the title

test('unread messages are counted in the title, which stays the page\'s own', () => {
  const browser = new Browser();
  const page = browser.visit('/', { title: 'Tea' }).wait().open();
  page.say('unread', { count: 2 });
  assert.equal(page.document.title, '(2) Tea');
  page.say('unread', { count: 3 });
  assert.equal(page.document.title, '(3) Tea');
  page.push('/tents');
  page.wait();
  assert.equal(browser.stored.pages[1].title, 'Tea', 'what is noted is without the number');
  page.document.title = '(1) way to tea';
  page.say('unread', { count: 0 });
  assert.equal(page.document.title, '(1) way to tea');
});

// ---------------------------------------------------------------------------------------------------------- a phone

test('on a phone going back closes the panel, and the page\'s router does not notice', () => {
  const seen = [];
  const page = new Browser().visit('/', { ...phone, before: ({ history }) => history.replaceState(ownState, '') });
  page.target.addEventListener('popstate', () => seen.push('popstate'));
  page.open();
  assert.equal(page.entries.length, 2);
  assert.deepEqual(page.window.history.state, { ...ownState, frontdesk: 1 });
  page.window.history.back();
  page.wait();
  assert.equal(page.isOpen, false);
  assert.deepEqual(page.window.history.state, ownState);
  assert.deepEqual(seen, []);
});

/** How often the frame was told that the visitor goes back. */
const backs = (page) => page.told().filter(({ type }) => type === 'back').length;

test('on a phone going back closes first what lies over the chat, and holds nobody whose chat does not answer', () => {
  const seen = [];
  const page = new Browser().visit('/', { ...phone, before: ({ history }) => history.replaceState(ownState, '') });
  page.target.addEventListener('popstate', () => seen.push('popstate'));
  page.open();
  page.say('over', { open: true });
  page.window.history.back();
  page.wait();
  assert.equal(page.isOpen, true);
  assert.equal(backs(page), 1);
  assert.deepEqual(page.window.history.state, { ...ownState, frontdesk: 1 }, 'the entry is still the current one');
  page.window.history.back();
  page.wait();
  assert.equal(page.isOpen, false);
  assert.deepEqual(page.window.history.state, ownState);

  page.click();
  page.say('over', { open: true });
  page.say('over', { open: false });
  page.window.history.back();
  page.wait();
  assert.equal(page.isOpen, false, 'what the visitor has closed themselves counts no longer');
  assert.equal(backs(page), 1);
  assert.deepEqual(seen, []);
});

test('on a phone a chat that the visitor closes takes its entry along', () => {
  const seen = [];
  const page = new Browser().visit('/', phone).open();
  page.target.addEventListener('popstate', () => seen.push('popstate'));
  page.say('close');
  page.wait();
  assert.equal(page.window.history.state, null);
  assert.deepEqual(seen, []);
  page.window.history.pushState({ n: 1 }, '', '/a');
  page.window.history.back();
  page.wait();
  assert.deepEqual(seen, ['popstate'], 'from then on the page hears again');
});

test('on a phone a page that closes the chat and goes elsewhere is not taken back', () => {
  const page = new Browser().visit('/', phone).open();
  page.api('close');
  page.push('/tents');
  page.wait();
  assert.match(page.location.href, /\/tents$/);
  assert.deepEqual(page.entries.map(([state]) => state), [null, {}, null]);
});

test('on a phone going back to another address is the router\'s business, too', () => {
  const seen = [];
  const page = new Browser().visit('/', phone).open();
  page.target.addEventListener('popstate', () => seen.push('popstate'));
  page.window.history.replaceState({ n: 1 }, '', '/elsewhere');
  page.window.history.back();
  page.wait();
  assert.equal(page.isOpen, false);
  assert.deepEqual(seen, ['popstate']);
});

test('on a phone that is reloaded with the chat open there is no second entry', () => {
  const browser = new Browser();
  const first = browser.visit('/', phone).open();
  const state = first.window.history.state;
  const page = browser.visit('/', { ...phone, type: 'reload', before: ({ history }) => history.replaceState(state, '') }).wait();
  assert.equal(page.isOpen, true);
  assert.equal(page.entries.length, 1);
});

test('on a desk the history is the page\'s alone', () => {
  const page = new Browser().visit('/').open();
  page.click();
  page.wait();
  assert.equal(page.entries.length, 1);
});

test('on a phone the panel is as high as the keyboard leaves it, and the page behind stands still', () => {
  const page = new Browser().visit('/', phone).open();
  const box = page.html.find('div');
  assert.equal(page.document.adoptedStyleSheets.length, 1);
  Object.assign(page.view, { height: 420, offsetTop: 30 });
  page.view.fire('resize');
  assert.deepEqual([box.attributes['--height'], box.attributes['--top']], ['420px', '30px']);
  page.view.scale = 2;
  page.view.fire('scroll');
  assert.equal(box.attributes['--height'], undefined, 'who zooms in sees a part of it');
  page.say('close');
  assert.equal(page.document.adoptedStyleSheets.length, 0);
  assert.equal(box.attributes['--height'], undefined);
});
