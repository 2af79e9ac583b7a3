/*
 * For pages that were written for `$crisp.push([…])`: what they really call, done by Frontdesk. Comes by
 * data-compat="crisp", or in the place of the other script. What there is no counterpart for does nothing.
 */
(() => {
  /** So long an answer counts. */
  const FRESH_MS = 60000;

  const tag = document.currentScript;
  const frontdesk = (...args) => window.frontdesk(...args);
  window.frontdesk = window.frontdesk || function () {
    (window.frontdesk.q = window.frontdesk.q || []).push(arguments);
  };

  let person = {};
  let data = {};
  let opened = false;
  let visible = true;
  let ongoing = false;
  let unread = 0;
  /** [event, function] pairs from `on`. */
  const handlers = [];
  const tell = (name, value) => handlers.filter(([event]) => event === name).forEach(([, fn]) => fn(value));

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
        tell('website:availability:changed', available);
      })
      .catch(() => {});
  };

  const identify = (more) => frontdesk('identify', (person = { ...person, ...more }));
  const add = (values) => {
    data = { ...data, ...values };
    frontdesk('set', values);
  };
  const show = (on) => {
    visible = on;
    frontdesk(on ? 'show' : 'hide');
  };
  /** ['a', 1], [['a', 1], ['b', 2]], or that in one more list: as an object. */
  const pairs = (given) =>
    typeof given[0] === 'string'
      ? { [given[0]]: given[1] }
      : given.reduce((all, more) => ({ ...all, ...(Array.isArray(more) && pairs(more)) }), {});

  const actions = {
    'chat:open': () => frontdesk('open'),
    'chat:close': () => frontdesk('close'),
    'chat:toggle': () => frontdesk('toggle'),
    'chat:show': () => show(true),
    'chat:hide': () => show(false),
    'session:reset'() {
      person = {};
      data = {};
      frontdesk('shutdown');
      if (visible) frontdesk('show');
      // Somebody new; a page that asks for consent gives it itself.
      if (!document.querySelector('script[data-consent="required"]')) frontdesk('consent', true);
    },
  };
  const settings = {
    'user:email': ([email]) => identify({ email }),
    'user:nickname': ([name]) => identify({ name }),
    'user:phone': ([phone]) => add({ phone }),
    'user:company': ([company]) => add({ company }),
    'session:data': (values) => add(pairs(values)),
    'session:segments': ([segments]) => add({ segments }),
  };
  const answers = {
    'chat:opened': () => opened,
    'chat:closed': () => !opened,
    'chat:visible': () => visible,
    'chat:hidden': () => !visible,
    'chat:small': () => innerWidth <= 480,
    'chat:large': () => innerWidth > 480,
    'session:ongoing': () => ongoing,
    'website:available'() {
      ask();
      return available;
    },
  };
  const values = {
    'chat:unread:count': () => unread,
    'user:email': () => person.email || null,
    'user:nickname': () => person.name || null,
    'session:data': (key) => (key in data ? data[key] : null),
  };

  /** The entry of this name, which may be anything. */
  const own = (table, name) => (Object.prototype.hasOwnProperty.call(table, name) ? table[name] : () => {});
  const crisp = Array.isArray(window.$crisp) ? window.$crisp : (window.$crisp = []);
  const waiting = crisp.splice(0);
  Object.assign(crisp, {
    do: (name) => own(actions, name)(),
    set: (name, given = []) => own(settings, name)([].concat(given)),
    get: (name, key) => own(values, name)(key),
    is: (name) => Boolean(own(answers, name)()),
    on(name, fn) {
      if (typeof fn === 'function') handlers.push([name, fn]);
      if (name === 'website:availability:changed') ask();
    },
    off: (name) => handlers.splice(0, handlers.length, ...handlers.filter(([event]) => event !== name)),
    push(...calls) {
      calls.forEach(([verb, ...args]) => /^(do|set|on|off|get|is)$/.test(verb) && crisp[verb](...args));
      return calls.length;
    },
  });

  frontdesk('on', 'open', () => {
    opened = true;
    tell('chat:opened');
  });
  frontdesk('on', 'close', () => {
    opened = false;
    tell('chat:closed');
  });
  frontdesk('on', 'unread', (count) => {
    unread = count;
  });
  frontdesk('on', 'message', ({ text }) => tell('message:received', { origin: 'chat', from: 'operator', type: 'text', content: text }));
  frontdesk('on', 'chat-started', () => {
    ongoing = true;
    tell('chat:initiated');
    tell('message:sent', { origin: 'local', from: 'user', type: 'text' });
  });
  frontdesk('on', 'chat-ended', () => {
    ongoing = false;
  });
  waiting.forEach((call) => crisp.push(call));
  frontdesk('on', 'ready', () => {
    tell('session:loaded');
    if (typeof window.CRISP_READY_TRIGGER === 'function') window.CRISP_READY_TRIGGER();
  });

  if (window.frontdesk.loaded) return;
  const script = document.createElement('script');
  script.src = host + '/embed.js';
  const { locale } = window.CRISP_RUNTIME_CONFIG || {};
  Object.assign(script.dataset, locale && { lang: locale }, tag.dataset, { compat: '' });
  script.nonce = tag.nonce;
  document.head.append(script);
})();
