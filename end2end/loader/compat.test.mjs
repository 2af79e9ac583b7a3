// Pages that were written for another chat: what they call is done. Each of them once with our adapter in the place of
// the other script, and once with an attribute on our own script tag.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, HOST, MINUTE } from './page.mjs';

/** A page with this adapter; `before` is what stands above it in the page. */
function adapted(name, how, before, data = {}) {
  const browser = new Browser();
  const options = how === 'script' ? { script: `/compat/${name}.js`, data } : { data: { ...data, compat: name } };
  return browser.visit('/', { ...options, before }).wait();
}

const ready = (page) => {
  page.wait();
  page.say('ready');
  return page;
};
const context = (page) => page.told('context').at(-1);
const hidden = (page) => page.html.find('div').hidden;

for (const how of ['script', 'attribute']) {
  const both = (name, act) => test(`${name}, by ${how}`, () => act(how));

  // ------------------------------------------------------------------------------------------------------- Intercom

  const intercom = (before, data) => adapted('intercom', how, before, data);

  both('Intercom: calls from before are done, in order, and settings without a call', () => {
    const early = (window) => {
      const stub = function () {
        stub.q.push(arguments);
      };
      stub.q = [];
      window.Intercom = stub;
      window.Intercom('boot', { app_id: 'x', name: 'Ada', email: 'ada@example.org', intercom_user_jwt: 'a.b.c', user_id: 7, plan: 'pro' });
      window.Intercom('show');
    };
    const page = ready(intercom(early));
    assert.equal(page.isOpen, true);
    assert.deepEqual(context(page).identity, { name: 'Ada', email: 'ada@example.org', token: 'a.b.c' });
    assert.deepEqual(context(page).data, { plan: 'pro', user_id: 7 });

    const quiet = intercom((window) => (window.intercomSettings = { app_id: 'x', name: 'Eve', hide_default_launcher: true }));
    assert.equal(hidden(quiet), true);
    quiet.window.Intercom('showNewMessage', 'Hello');
    assert.deepEqual(context(ready(quiet)).identity, { name: 'Eve' });
  });

  both('Intercom: show, hide and what the page wants to hear', () => {
    const heard = [];
    const page = intercom();
    const { Intercom } = page.window;
    Intercom('onShow', () => heard.push('show'));
    Intercom('onHide', () => heard.push('hide'));
    Intercom('onUnreadCountChange', (count) => heard.push(count));
    Intercom('show');
    ready(page);
    page.wait();
    assert.deepEqual(heard, ['show']);
    Intercom('hide');
    page.say('unread', { count: 2 });
    page.wait();
    assert.deepEqual(heard, ['show', 'hide', 2]);
    assert.equal(hidden(page), false, 'the launcher stays');
    Intercom('startTour', 5);
    Intercom('toString');
  });

  both('Intercom: update adds, shutdown forgets, boot is for somebody new', () => {
    const page = intercom();
    const { Intercom } = page.window;
    Intercom('boot', { name: 'Ada', email: 'ada@example.org' });
    Intercom('update', { name: 'Ada L.', seats: 3 });
    Intercom('show');
    ready(page);
    const { token, identity } = context(page);
    assert.deepEqual(identity, { name: 'Ada L.', email: 'ada@example.org' });
    Intercom('shutdown');
    assert.equal(hidden(page), true);
    Intercom('boot', { name: 'Eve' });
    assert.equal(hidden(page), false);
    Intercom('show');
    ready(page);
    assert.notEqual(context(page).token, token);
    assert.deepEqual(context(page).identity, { name: 'Eve' });
    assert.equal(context(page).data, undefined);
    assert.equal(page.browser.stored.token, context(page).token, 'who is remembered, as no consent is asked for');
  });

  both('Intercom: a link of the page is a launcher', () => {
    const page = intercom((window) => (window.intercomSettings = { custom_launcher_selector: '#ask' }));
    const link = { closest: (selector) => selector === '#ask' };
    let prevented;
    page.fire('click', { target: { closest: () => null } });
    page.wait();
    assert.equal(page.isOpen, false);
    page.fire('click', { target: link, preventDefault: () => (prevented = true) });
    page.wait();
    assert.ok(page.isOpen && prevented);
  });

  // ------------------------------------------------------------------------------------------------------- Chatwoot

  /** As its snippet does: run when the script has loaded. */
  const chatwoot = (settings, listen = () => {}) => {
    const browser = new Browser();
    const options = how === 'script' ? { script: '/compat/chatwoot.js' } : { data: { compat: 'chatwoot' } };
    const page = browser.visit('/', { ...options, before: (window) => (window.chatwootSettings = settings) });
    listen(page);
    if (how === 'script') page.window.chatwootSDK.run({ websiteToken: 'w', baseUrl: HOST });
    return page.wait();
  };

  both('Chatwoot: ready is told, and the bubble may be hidden', () => {
    const heard = [];
    const listen = (page) => page.window.addEventListener('chatwoot:ready', () => heard.push('ready'));
    const page = chatwoot({ hideMessageBubble: true }, listen);
    assert.deepEqual(heard, ['ready']);
    assert.equal(page.window.$chatwoot.hasLoaded, true);
    assert.equal(hidden(page), true);
    page.window.$chatwoot.toggleBubbleVisibility('show');
    assert.equal(hidden(page), false);
    page.window.chatwootSDK.run({});
    page.wait();
    assert.equal(page.launchers, 1);
  });

  both('Chatwoot: toggle, user and attributes', () => {
    const page = chatwoot();
    const { $chatwoot } = page.window;
    $chatwoot.setUser('u7', { name: 'Ada', email: 'ada@example.org', phone_number: '+353', avatar_url: 'x', identifier_hash: 'h' });
    $chatwoot.setCustomAttributes({ plan: 'pro', seats: 3 });
    $chatwoot.deleteCustomAttribute('seats');
    $chatwoot.toggle();
    ready(page);
    assert.deepEqual([page.isOpen, $chatwoot.isOpen], [true, true]);
    assert.deepEqual(context(page).identity, { name: 'Ada', email: 'ada@example.org' });
    assert.deepEqual(context(page).data, { identifier: 'u7', phone_number: '+353', plan: 'pro', seats: null });
    $chatwoot.toggle('open');
    assert.equal(page.isOpen, true);
    $chatwoot.toggle('close');
    assert.equal(page.isOpen, false);
    for (const method of ['setLocale', 'setColorScheme', 'removeLabel']) $chatwoot[method]('x');
  });

  both('Chatwoot: messages are told; reset is a new visitor', () => {
    const heard = [];
    const page = chatwoot(undefined, (page) => {
      for (const name of ['on-message', 'opened', 'closed', 'on-start-conversation']) {
        page.window.addEventListener('chatwoot:' + name, ({ detail }) => heard.push([name, detail && detail.content]));
      }
    });
    page.window.$chatwoot.toggle('open');
    ready(page);
    page.say('event', { name: 'chat-started' });
    page.say('event', { name: 'message', data: { text: 'Hello', by: 'Grace', at: 5000 } });
    page.say('close');
    page.wait();
    assert.deepEqual(heard, [['opened', undefined], ['on-start-conversation', undefined], ['on-message', 'Hello'], ['closed', undefined]]);
    const { token } = page.browser.stored;
    page.window.$chatwoot.reset();
    assert.equal(hidden(page), false);
    page.click();
    ready(page);
    assert.notEqual(page.browser.stored.token, token);
  });

  // ---------------------------------------------------------------------------------------------------------- Crisp

  const crisp = (...calls) => adapted('crisp', how, (window) => (window.$crisp = calls));

  both('Crisp: what was pushed before is done, in order', () => {
    const page = ready(crisp(
      ['set', 'user:email', ['ada@example.org']],
      ['set', 'user:nickname', 'Ada'],
      ['set', 'session:data', [[['plan', 'pro'], ['seats', 3]]]],
      ['set', 'session:data', ['from', 'mail']],
      ['safe', true],
      ['config', 'position:reverse', [true]],
      ['do', 'chat:open'],
    ));
    const { $crisp } = page.window;
    assert.equal(page.isOpen, true);
    assert.deepEqual(context(page).identity, { email: 'ada@example.org', name: 'Ada' });
    assert.deepEqual(context(page).data, { plan: 'pro', seats: 3, from: 'mail' });
    assert.deepEqual([$crisp.get('user:email'), $crisp.get('session:data', 'plan'), $crisp.get('nothing')], ['ada@example.org', 'pro', undefined]);
  });

  both('Crisp: show, hide, toggle, and how things are', () => {
    const page = crisp();
    const { $crisp } = page.window;
    $crisp.push(['do', 'chat:hide']);
    assert.deepEqual([hidden(page), $crisp.is('chat:visible')], [true, false]);
    $crisp.push(['do', 'chat:show'], ['do', 'chat:toggle']);
    ready(page);
    assert.deepEqual([hidden(page), $crisp.is('chat:opened'), page.isOpen], [false, true, true]);
    $crisp.push(['do', 'chat:close']);
    page.wait();
    assert.deepEqual([$crisp.is('chat:opened'), $crisp.is('chat:closed'), page.isOpen], [false, true, false]);
    page.say('unread', { count: 4 });
    page.wait();
    assert.equal($crisp.get('chat:unread:count'), 4);
    $crisp.push(['do', 'constructor'], ['constructor', 'x'], ['is', 'toString']);
  });

  both('Crisp: who asks whether somebody is there is told, and nobody else asks', async () => {
    const page = crisp();
    const { browser, window } = page;
    await page.later(5000);
    assert.deepEqual(browser.fetches, []);
    browser.available = false;
    const heard = [];
    window.$crisp.push(['on', 'website:availability:changed', (is) => heard.push(is)]);
    await page.later(0);
    assert.deepEqual([heard, window.$crisp.is('website:available')], [[false], false]);
    browser.available = true;
    browser.now += 2 * MINUTE;
    window.$crisp.is('website:available');
    await page.later(0);
    assert.deepEqual([heard, window.$crisp.is('website:available')], [[false, true], true]);
    assert.deepEqual(browser.fetches.map(([to]) => to), Array(2).fill(HOST + '/api/visitor/available?site=&lang='));
  });

  both('Crisp: events are told until they are not wanted', () => {
    const heard = [];
    const listen = ['session:loaded', 'chat:opened', 'chat:closed', 'chat:initiated', 'message:sent', 'message:received'];
    const page = ready(crisp(...listen.map((name) => ['on', name, () => heard.push(name)]), ['do', 'chat:open']));
    page.say('event', { name: 'chat-started' });
    page.say('event', { name: 'message', data: { text: 'Hello', by: 'Grace', at: 5 } });
    page.wait();
    assert.deepEqual(heard, ['session:loaded', 'chat:opened', 'chat:initiated', 'message:sent', 'message:received']);
    page.window.$crisp.push(['off', 'message:received']);
    page.say('event', { name: 'message', data: { text: 'Again' } });
    page.say('close');
    page.wait();
    assert.deepEqual(heard.slice(5), ['chat:closed']);
    const { token } = page.browser.stored;
    page.window.$crisp.push(['do', 'session:reset'], ['do', 'chat:open']);
    ready(page);
    assert.notEqual(page.browser.stored.token, token);
  });

  // ----------------------------------------------------------------------------------------------------------- Tawk

  const tawk = (api, data) => adapted('tawk', how, (window) => (window.Tawk_API = api), data);

  both('Tawk: the page\'s functions are called, also those that it sets late', () => {
    const heard = [];
    const api = { visitor: { name: 'Ada', email: 'ada@example.org' }, onLoad: () => heard.push('load') };
    const page = tawk(api);
    assert.equal(page.window.Tawk_API, api);
    for (const name of ['onChatMaximized', 'onChatMinimized', 'onChatStarted', 'onChatEnded', 'onChatHidden', 'onChatMessageAgent', 'onUnreadCountChanged']) {
      api[name] = (value) => heard.push(value === undefined ? name : [name, value]);
    }
    api.maximize();
    ready(page);
    assert.deepEqual(context(page).identity, { name: 'Ada', email: 'ada@example.org' });
    page.say('event', { name: 'chat-started' });
    page.say('event', { name: 'message', data: { text: 'Hello', by: 'Grace', at: 5 } });
    page.wait();
    assert.equal(api.isChatOngoing(), true);
    page.say('unread', { count: 1 });
    page.say('event', { name: 'chat-ended' });
    page.wait();
    api.minimize();
    page.wait();
    api.hideWidget();
    assert.deepEqual(heard, ['load', 'onChatMaximized', 'onChatStarted', ['onChatMessageAgent', 'Hello'], ['onUnreadCountChanged', 1], 'onChatEnded', 'onChatMinimized', 'onChatHidden']);
    assert.deepEqual([api.isChatHidden(), api.isChatMaximized(), api.isChatOngoing(), hidden(page)], [true, false, false, true]);
    api.toggleVisibility();
    assert.equal(hidden(page), false);
  });

  both('Tawk: a page that wants to know hears whether somebody is there, on its own site', async () => {
    const heard = [];
    const page = tawk({ onStatusChange: (status) => heard.push(status) }, { site: 'shop' });
    await page.later(0);
    page.browser.available = false;
    page.browser.now += 2 * MINUTE;
    page.window.Tawk_API.getStatus();
    await page.later(0);
    assert.deepEqual([heard, page.window.Tawk_API.getStatus()], [['online', 'offline'], 'offline']);
    assert.equal(page.browser.fetches[0][0], HOST + '/api/visitor/available?site=shop&lang=');
  });

  both('Tawk: attributes, log-in and log-out', () => {
    const page = tawk({});
    const { Tawk_API: api } = page.window;
    const done = [];
    api.setAttributes({ name: 'Ada', hash: 'h', plan: 'pro' }, () => done.push('attributes'));
    api.login({ userId: 'u7', email: 'ada@example.org' }, () => done.push('login'));
    api.toggle();
    ready(page);
    const { token, identity, data } = context(page);
    assert.deepEqual([identity, data], [{ name: 'Ada', email: 'ada@example.org' }, { plan: 'pro', userId: 'u7' }]);
    api.logout(() => done.push('logout'));
    api.maximize();
    ready(page);
    assert.notEqual(context(page).token, token);
    assert.equal(context(page).identity, undefined);
    assert.deepEqual(done, ['attributes', 'login', 'logout']);
  });

  both('Tawk: a widget that is started later is hidden until then', () => {
    const page = tawk({ autoStart: false });
    assert.equal(hidden(page), true);
    page.window.Tawk_API.start();
    assert.equal(hidden(page), false);
  });

  for (const name of ['intercom', 'chatwoot', 'crisp', 'tawk']) {
    both(`${name}: nothing more than the loader and the adapter is fetched before a touch`, () => {
      const page = adapted(name, how, () => {});
      if (name === 'chatwoot' && how === 'script') page.window.chatwootSDK.run({});
      page.wait(5000);
      assert.deepEqual(page.scripts, [HOST + (how === 'script' ? '/embed.js' : `/compat/${name}.js`)]);
      assert.equal(page.frame, undefined);
      assert.equal(page.launchers, 1);
      assert.deepEqual(page.warnings, []);
    });
  }
}

test('the attributes of an adapter\'s tag are the loader\'s', () => {
  const page = adapted('crisp', 'script', () => {}, { color: '#0f766e', position: 'left' });
  assert.equal(page.html.find('div').attributes['--color'], '#0f766e');
  assert.equal(page.html.find('div').className, 'left');
});

test('where consent is required an adapter does not give it', () => {
  const page = adapted('crisp', 'attribute', () => {}, { consent: 'required' });
  page.window.$crisp.push(['do', 'session:reset'], ['do', 'chat:open']);
  ready(page);
  assert.equal(page.browser.stored, undefined);
});
