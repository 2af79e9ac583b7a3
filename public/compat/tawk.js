/*
 * For pages that were written for `Tawk_API`: what they really call, done by Frontdesk. Comes by data-compat="tawk", or in
 * the place of the other script. What there is no counterpart for does nothing, without an error.
 */
(() => {
  /** So long an answer counts. */
  const FRESH_MS = 60000;

  const tag = document.currentScript;
  const frontdesk = (...args) => window.frontdesk(...args);
  window.frontdesk = window.frontdesk || function () {
    (window.frontdesk.q = window.frontdesk.q || []).push(arguments);
  };

  const tawk = (window.Tawk_API = window.Tawk_API || {});
  let person = {};
  let opened = false;
  let hidden = false;
  let ongoing = false;

  /** The page may set its functions at any time; they are looked up when something happens. */
  const tell = (name, ...values) => typeof tawk[name] === 'function' && tawk[name](...values);
  const host = new URL(tag.src).origin;
  /** Whether somebody is there to answer, as far as is known: only a page that wants to know makes us ask. */
  let available = true;
  let asked = -Infinity;
  const ask = () => {
    if (Date.now() - asked < FRESH_MS) return;
    const first = asked < 0;
    asked = Date.now();
    const { site = '' } = (document.querySelector('script[data-site]') || tag).dataset;
    fetch(host + '/api/visitor/available?' + new URLSearchParams({ site, lang: '' }), { credentials: 'omit' })
      .then((answer) => answer.json())
      .then((answer) => {
        if (!first && answer.available === available) return;
        available = answer.available === true;
        tell('onStatusChange', status());
      })
      .catch(() => {});
  };

  const status = () => (available ? 'online' : 'offline');
  const done = (fn) => typeof fn === 'function' && fn();
  const show = (on) => {
    hidden = !on;
    frontdesk(on ? 'show' : 'hide');
    if (hidden) tell('onChatHidden');
  };
  const know = ({ name, email, hash, jwtToken, ...rest } = {}) => {
    const { userId, ...values } = rest;
    if (name || email) {
      person = { ...person, ...(name && { name }), ...(email && { email }), ...(jwtToken && { token: jwtToken }) };
      frontdesk('identify', person);
    }
    if (userId !== undefined) values.userId = userId;
    if (Object.keys(values).length) frontdesk('set', values);
  };
  const forget = () => {
    person = {};
    frontdesk('shutdown');
  };

  Object.assign(tawk, {
    maximize: () => frontdesk('open'),
    minimize: () => frontdesk('close'),
    toggle: () => frontdesk('toggle'),
    popup: () => frontdesk('open'),
    showWidget: () => show(true),
    hideWidget: () => show(false),
    toggleVisibility: () => show(hidden),
    getWindowType: () => 'inline',
    getStatus() {
      ask();
      return status();
    },
    isChatMaximized: () => opened,
    isChatMinimized: () => !opened,
    isChatHidden: () => hidden,
    isChatOngoing: () => ongoing,
    isVisitorEngaged: () => ongoing,
    setAttributes(values, fn) {
      know(values);
      done(fn);
    },
    addEvent(name, values, fn) {
      frontdesk('set', { event: typeof values === 'object' ? { name, ...values } : name });
      done(typeof values === 'function' ? values : fn);
    },
    addTags(tags, fn) {
      frontdesk('set', { tags });
      done(fn);
    },
    removeTags: (tags, fn) => done(fn),
    login(values, fn) {
      know(values);
      done(fn);
    },
    logout(fn) {
      forget();
      if (!hidden) frontdesk('show');
      // Somebody new; a page that asks for consent gives it itself.
      if (!document.querySelector('script[data-consent="required"]')) frontdesk('consent', true);
      done(fn);
    },
    start: () => show(true),
    shutdown: forget,
    endChat() {},
    switchWidget() {},
  });

  frontdesk('on', 'open', () => {
    opened = true;
    tell('onChatMaximized');
  });
  frontdesk('on', 'close', () => {
    opened = false;
    tell('onChatMinimized');
  });
  frontdesk('on', 'unread', (count) => tell('onUnreadCountChanged', count));
  frontdesk('on', 'message', ({ text }) => tell('onChatMessageAgent', text));
  frontdesk('on', 'chat-started', () => {
    ongoing = true;
    tell('onChatStarted');
  });
  frontdesk('on', 'chat-ended', () => {
    ongoing = false;
    tell('onChatEnded');
  });
  know(tawk.visitor);
  if (tawk.autoStart === false) show(false);
  tell('onBeforeLoad');
  frontdesk('on', 'ready', () => {
    tawk.onLoaded = true;
    tell('onLoad');
    if (tawk.onStatusChange) ask();
  });

  if (window.frontdesk.loaded) return;
  const script = document.createElement('script');
  script.src = host + '/embed.js';
  Object.assign(script.dataset, tag.dataset, { compat: '' });
  script.nonce = tag.nonce;
  document.head.append(script);
})();
