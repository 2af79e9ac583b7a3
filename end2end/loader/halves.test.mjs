// When the loader's other half and the frame come, and what the frame is told then.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, HOST } from './page.mjs';

const HALF = HOST + '/embed-frame.js';
const near = { clientX: 1380, clientY: 850, pointerType: 'mouse' };

test('a page that nobody touches asks for nothing more', () => {
  const page = new Browser().visit('/').wait(10_000);
  page.api('identify', { name: 'Ada' });
  page.api('set', { plan: 'pro' });
  page.api('close');
  page.api('hide');
  page.api('show');
  page.wait(10_000);
  assert.deepEqual(page.scripts, []);
  assert.equal(page.frame, undefined);
});

for (const [why, come] of [
  ['a mouse that comes near', (page) => page.fire('pointermove', near)],
  ['the focus', (page) => page.button.onfocus()],
  ['a finger on the launcher', (page) => page.button.onpointerdown()],
]) {
  test(`${why} makes the frame load, hidden, and tells it nothing`, () => {
    const browser = new Browser();
    const page = browser.visit('/').wait();
    come(page);
    page.wait();
    assert.deepEqual(page.scripts, [HALF]);
    assert.equal(page.isOpen, false);
    page.say('ready');
    page.push('/tents');
    page.wait();
    page.api('identify', { name: 'Ada' });
    assert.deepEqual(page.told().filter(({ type }) => type !== 'page'), []);
    assert.equal(browser.stored.token, undefined);
    page.click();
    const [context] = page.told('context');
    assert.equal(context.token, browser.stored.token);
    assert.equal(context.open, true);
    assert.deepEqual(context.identity, { name: 'Ada' });
    assert.equal(page.told('context').length, 1);
    assert.equal(page.scripts.length, 1);
  });
}

test('a frame that is quicker than the other half is heard all the same', () => {
  const browser = new Browser();
  const page = browser.visit('/').wait();
  page.button.onpointerdown();
  page.button.onclick();
  assert.deepEqual(page.scripts, [HALF]);
  page.say('ready');
  assert.deepEqual(page.told(), []);
  page.wait();
  assert.equal(page.told('context').length, 1);
  assert.equal(page.told('context')[0].token, browser.stored.token);
});

test('a visitor who is known from before is not named before the touch either', () => {
  const browser = new Browser();
  browser.visit('/').open();
  browser.sessionStorage = {};
  const page = browser.visit('/tents').wait();
  page.fire('pointermove', near);
  page.wait().say('ready');
  assert.deepEqual(page.told(), []);
  assert.ok(!page.frame.src.includes(browser.stored.token));
});

for (const [why, options, event] of [
  ['a mouse elsewhere', {}, { ...near, clientX: 1200 }],
  ['a finger that scrolls', {}, { ...near, pointerType: 'touch' }],
  ['a mouse, where data is to be saved,', { navigator: { connection: { saveData: true } } }, near],
  ['a mouse at the other side', { data: { position: 'left' } }, near],
  ['a mouse where the page has a launcher of its own', { data: { launcher: 'none' } }, near],
]) {
  test(`${why} fetches nothing`, () => {
    const page = new Browser().visit('/', options);
    page.fire('pointermove', event);
    page.wait();
    assert.deepEqual(page.scripts, []);
  });
}

test('at the left the launcher is approached there', () => {
  const page = new Browser().visit('/', { data: { position: 'left' } });
  page.fire('pointermove', { ...near, clientX: 60 });
  assert.deepEqual(page.scripts, [HALF]);
  assert.equal(page.html.find('div').className, 'left');
});

test('a half that cannot be had is asked for again at the next touch', () => {
  const page = new Browser().visit('/');
  page.offline = true;
  page.button.onclick();
  assert.equal(page.button.attributes['aria-busy'], 'true');
  page.wait();
  assert.equal(page.button.attributes['aria-busy'], 'false');
  assert.equal(page.isOpen, false);
  page.offline = false;
  page.click();
  assert.equal(page.isOpen, true);
  assert.deepEqual(page.scripts, [HALF, HALF]);
});

test('who changes their mind while it loads finds the chat closed', () => {
  const events = [];
  const page = new Browser().visit('/');
  page.api('on', 'open', () => events.push('open'));
  page.button.onclick();
  page.button.onclick();
  page.wait();
  assert.equal(page.isOpen, false);
  assert.deepEqual(events, []);
});

test('a page with a nonce passes it on', () => {
  const page = new Browser().visit('/', { nonce: 'abc' });
  page.button.onfocus();
  assert.equal(page.html.find('script').nonce, 'abc');
});

test('where trusted types are required one policy names all scripts, as a second one of that name is refused', () => {
  const made = [];
  const page = new Browser().visit('/', {
    data: { compat: 'crisp' },
    before: (window) => {
      window.trustedTypes = {
        createPolicy(name, rules) {
          if (made.includes(name)) throw new TypeError('Policy with name "' + name + '" already exists.');
          made.push(name);
          // No plain text.
          return { createScriptURL: (text) => Object(rules.createScriptURL(text)) };
        },
      };
    },
  });
  page.click();
  assert.equal(page.isOpen, true);
  assert.deepEqual([made, page.scripts], [['frontdesk'], [HOST + '/compat/crisp.js', HALF]]);
  for (const { src } of page.launcher.children) assert.equal(typeof src, 'object');
});

test('an adapter comes when it is asked for, and only one that there is', () => {
  const scripts = (compat) => new Browser().visit('/', { data: { compat } }).scripts;
  assert.deepEqual(scripts('crisp'), [HOST + '/compat/crisp.js']);
  assert.deepEqual(scripts('../evil'), []);
  assert.deepEqual(scripts(undefined), []);
});

test('where the browser tells of changes of the address the page\'s functions stay as they are', () => {
  const browser = new Browser();
  let original;
  const page = browser.visit('/', {
    navigation: true,
    before: ({ history }) => (original = history.pushState),
  }).wait();
  assert.equal(page.window.history.pushState, original);
  page.push('/tents');
  page.wait();
  assert.equal(browser.stored.pages.length, 2);
});
