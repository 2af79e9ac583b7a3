// A browser page as small as the loader needs: enough of the DOM to run the scripts of public/ in node, with a clock that
// the test owns. What only a browser can show (style, focus, CSP) is not tested with this.
//
// The minified scripts can be tested in place of the sources, from the folder of a release:
// FRONTDESK_PUBLIC=target/site node --test end2end/loader/*.test.mjs

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import vm from 'node:vm';

export const HOST = 'https://chat.example';
export const SITE = 'https://shop.example';
export const MINUTE = 60 * 1000;

const folder = resolve(process.env.FRONTDESK_PUBLIC || resolve(import.meta.dirname, '../../public'));
const sources = new Map();
/** A script of the host, by the path of its address. */
const source = (path) => {
  if (!sources.has(path)) sources.set(path, readFileSync(folder + path, 'utf8'));
  return sources.get(path);
};

class Element {
  constructor(tag) {
    Object.assign(this, { tag, dataset: {}, attributes: {}, children: [], parent: null, hidden: false, textContent: '', className: '' });
    this.classList = { add: (name) => (this.className += ' ' + name), remove: (name) => (this.className = this.className.replace(' ' + name, '')) };
    // Only an iframe that is in the page has a window.
    this.window = { received: [], postMessage: (data, origin) => this.window.received.push({ data: structuredClone(data), origin }) };
  }
  get isConnected() {
    return this.tag === 'html' || Boolean(this.parent && this.parent.isConnected);
  }
  get contentWindow() {
    return this.isConnected ? this.window : null;
  }
  get parentNode() {
    return this.parent;
  }
  get firstChild() {
    return this.children[0] ?? null;
  }
  get textContent() {
    return this.text;
  }
  /** It takes the place of all that is inside. */
  set textContent(text) {
    [...this.children].forEach((child) => child.remove());
    this.text = text;
  }
  get style() {
    return {
      setProperty: (name, value) => (this.attributes[name] = value),
      removeProperty: (name) => delete this.attributes[name],
    };
  }
  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }
  toggleAttribute(name, on) {
    if (on) this.attributes[name] = '';
    else delete this.attributes[name];
  }
  appendChild(child) {
    child.remove();
    this.children.push(child);
    child.parent = this;
    if (this.isConnected) child.enter();
    return child;
  }
  /** It is in the page now: its scripts run, once. */
  enter() {
    const { onenter } = this;
    this.onenter = undefined;
    onenter?.();
    this.children.forEach((child) => child.enter());
  }
  append(child) {
    this.appendChild(child);
  }
  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((other) => other !== this);
    this.parent = null;
  }
  attachShadow() {
    this.shadow = new Element('#shadow');
    this.shadow.parent = this;
    return this.shadow;
  }
  focus() {
    this.focused = true;
  }
  blur() {
    this.focused = false;
  }
  /** The first element of this tag name, in the shadow tree, too. */
  find(tag, fits = () => true) {
    if (this.tag === tag && fits(this)) return this;
    for (const child of this.shadow ? [this.shadow, ...this.children] : this.children) {
      const found = child.find(tag, fits);
      if (found) return found;
    }
    return undefined;
  }
}

/** A list of functions that events are told to, such as a window's. */
class Target {
  listeners = [];
  addEventListener(name, fn, options) {
    // Those that want to be first are.
    if (options === true) this.listeners.unshift([name, fn]);
    else this.listeners.push([name, fn]);
  }
  removeEventListener(name, fn) {
    this.listeners = this.listeners.filter(([listened, other]) => listened !== name || other !== fn);
  }
  fire(name, event = {}) {
    let stopped = false;
    event.stopImmediatePropagation = () => (stopped = true);
    for (const [listened, fn] of [...this.listeners]) if (listened === name && !stopped) fn(event);
  }
}

/** What one visitor's browser keeps between pages. */
export class Browser {
  now = Date.UTC(2026, 0, 15, 9);
  localStorage = {};
  sessionStorage = {};
  /** Page views that were sent: what, and `by` which of the browser's functions. */
  reports = [];
  /** What else was asked for: [address, options]. */
  fetches = [];
  /** The status of what the server answers; nothing while it cannot be reached. */
  status = 204;
  /** Somebody is there to answer. */
  available = true;

  /** What the loader has stored, or undefined. */
  get stored() {
    return this.localStorage.frontdesk && JSON.parse(this.localStorage.frontdesk);
  }

  /** Opens a page in a tab, with the loader on it. */
  visit(path, options) {
    return new Page(this, new URL(path, SITE), options);
  }
}

export class Page {
  warnings = [];
  timers = new Map();
  observers = [];
  /** Addresses of the scripts that the loader has asked for, without their versions. */
  scripts = [];
  /** Where they are not answered: the tests let it fail. */
  offline = false;
  target = new Target();
  /** The media queries that match. */
  phone = false;
  /** What the page's colours are, as the browser computes them. */
  colors = { '#0f766e': 'rgb(15, 118, 110)' };

  constructor(browser, url, { title = 'A page', referrer = '', data = {}, navigator = {}, type = 'navigate', storage = true, phone = false, navigation = false, nonce, before = () => {}, notification, script = '/embed.js' } = {}) {
    this.browser = browser;
    this.phone = phone;
    this.script = script;
    this.tag = { src: HOST + script, dataset: data, nonce };
    const page = this;
    const html = (this.html = new Element('html'));
    html.lang = 'en';
    const document = (this.document = {
      documentElement: html,
      head: new Element('head'),
      get body() {
        return html.children.find(({ tag }) => tag === 'body') || null;
      },
      title,
      referrer,
      readyState: 'complete',
      activeElement: null,
      hidden: false,
      createElement: (tag) => {
        const element = new Element(tag);
        if (tag === 'script') element.onenter = () => page.include(element);
        return element;
      },
      createElementNS: (_, tag) => new Element(tag),
      // The only ones that are asked for are tags of ours that require consent or name a site.
      querySelector: (selector) => (selector.includes('site') ? data.site : data.consent === 'required') ? this.tag : null,
      addEventListener: (...args) => this.target.addEventListener(...args),
    });
    html.append(document.head);
    html.append(new Element('body'));

    let denied = !storage;
    const kept = (name) => ({
      get() {
        if (denied) throw new Error('SecurityError');
        return browser[name];
      },
    });
    this.denyStorage = () => (denied = true);

    const location = (this.location = { href: url.href, origin: url.origin });
    /** The entries of the tab's history: [state, address]. */
    const entries = (this.entries = [[null, url.href]]);
    let entry = 0;
    const go = (state, to, index) => {
      if (to) location.href = new URL(to, location.href).href;
      entry = index;
      entries.length = entry;
      entries.push([state, location.href]);
      navigated.fire('currententrychange');
    };
    const navigated = new Target();
    const traverse = (by) =>
      setTimeout(() => {
        entry += by;
        [, location.href] = entries[entry];
        navigated.fire('currententrychange');
        page.fire('popstate');
      });
    class History {
      get state() {
        return entries[entry][0];
      }
      pushState(state, _unused, to) {
        go(structuredClone(state), to, entry + 1);
      }
      replaceState(state, _unused, to) {
        go(structuredClone(state), to, entry);
      }
      back() {
        traverse(-1);
      }
      forward() {
        traverse(1);
      }
    }
    let lastTimer = 0;
    const setTimeout = (fn, ms = 0, ...args) => {
      const id = ++lastTimer;
      page.timers.set(id, { at: browser.now + ms, run: () => fn(...args) });
      return id;
    };
    const context = {
      document,
      location,
      History,
      history: new History(),
      ...(navigation && { navigation: navigated }),
      ...(notification && { Notification: notification }),
      focus: () => (this.focused = true),
      navigator: {
        sendBeacon: (to, body) => Boolean(browser.reports.push({ by: 'beacon', to, ...JSON.parse(body) })),
        ...navigator,
      },
      performance: { getEntriesByType: () => [{ type }] },
      fetch: (to, init) => {
        if (init?.body) browser.reports.push({ by: 'fetch', to, ...JSON.parse(init.body) });
        browser.fetches.push([to, { ...init }]);
        const answer = { status: browser.status, json: async () => ({ available: browser.available, words: browser.words }) };
        return browser.status ? Promise.resolve(answer) : Promise.reject(new Error('offline'));
      },
      getComputedStyle: (element) => ({
        colorScheme: 'normal',
        backgroundColor: element === this.button ? this.colors[this.html.find('div').attributes['--color']] : 'rgba(0, 0, 0, 0)',
        ...element.computed,
      }),
      innerWidth: 1440,
      innerHeight: 900,
      addEventListener: (...args) => this.target.addEventListener(...args),
      removeEventListener: (...args) => this.target.removeEventListener(...args),
      dispatchEvent: (event) => this.fire(event.type, event),
      CustomEvent: class {
        constructor(type, { detail }) {
          Object.assign(this, { type, detail });
        }
      },
      matchMedia: () => {
        const query = new Target();
        Object.defineProperty(query, 'matches', { get: () => page.phone });
        return query;
      },
      visualViewport: (this.view = Object.assign(new Target(), { scale: 1, height: 900, offsetTop: 0 })),
      setTimeout,
      clearTimeout: (id) => void page.timers.delete(id),
      requestAnimationFrame: (fn) => setTimeout(fn, 16),
      MutationObserver: class {
        constructor(fn) {
          page.observers.push(fn);
        }
        observe() {}
      },
      CSSStyleSheet: class {
        replaceSync() {}
      },
      CSS: { supports: (_, value) => /^(#[0-9a-f]{3,8}|[a-z]+)$/.test(value) && value !== 'undefined' },
      Date: { now: () => browser.now },
      console: { warn: (...said) => this.warnings.push(said.join(' ')) },
      URL,
      URLSearchParams,
      btoa,
      crypto,
    };
    Object.defineProperties(context, { localStorage: kept('localStorage'), sessionStorage: kept('sessionStorage') });
    this.window = vm.createContext(Object.assign(context, { window: context }));
    before(this.window);
    this.runLoader();
  }

  runLoader() {
    this.document.currentScript = this.tag;
    vm.runInContext(source(this.script), this.window, { filename: this.script });
    this.document.currentScript = null;
  }

  /** A script that the loader has put into the page: it runs in a task of its own, as in a browser. */
  include(element) {
    this.scripts.push(element.src.replace(/\?v=\w+$/, ''));
    this.window.setTimeout(() => {
      const { pathname } = new URL(element.src);
      if (this.offline) return element.onerror?.();
      this.document.currentScript = element;
      try {
        vm.runInContext(source(pathname), this.window, { filename: pathname });
      } finally {
        this.document.currentScript = null;
      }
    });
  }

  /** Lets time pass on this page. An error in a timer is the page's, as in a browser. */
  wait(ms = 300) {
    const until = this.browser.now + ms;
    for (;;) {
      const [next] = [...this.timers].filter(([, timer]) => timer.at <= until).sort(([, a], [, b]) => a.at - b.at);
      if (!next) break;
      this.timers.delete(next[0]);
      this.browser.now = Math.max(this.browser.now, next[1].at);
      try {
        next[1].run();
      } catch (error) {
        this.warnings.push(error.message);
      }
    }
    this.browser.now = until;
    return this;
  }

  /** The same, and what was asked for meanwhile is answered. */
  async later(ms) {
    this.wait(ms);
    // Whatever hangs on promises alone is done before the next turn.
    await new Promise(setImmediate);
    return this;
  }

  fire(name, event = {}) {
    this.target.fire(name, event);
  }

  api(...args) {
    this.window.frontdesk(...args);
  }
  push(to) {
    this.window.history.pushState(null, '', to);
  }
  /** A click on the launcher, and what it makes come. */
  click() {
    this.button.onclick();
    return this.wait(0);
  }

  get launcher() {
    return this.html.find('frontdesk-chat');
  }
  get launchers() {
    return this.html.children.filter(({ tag }) => tag === 'frontdesk-chat').length;
  }
  get button() {
    return this.html.find('button');
  }
  get badge() {
    return this.html.find('output')?.textContent;
  }
  /** The chat's, and not one that is about to go. */
  get frame() {
    return this.html.find('iframe', ({ title }) => title);
  }
  get isOpen() {
    return this.button.attributes['aria-expanded'] === 'true';
  }
  /** What the frame was told, of one type or in all. */
  told(type) {
    return (this.frame?.window.received ?? []).map(({ data }) => data).filter((data) => !type || data.type === type);
  }
  /** The frame says something, as only the frame can; `event` to pretend otherwise. */
  say(type, body, event) {
    this.fire('message', { source: this.frame.contentWindow, origin: HOST, data: { frontdesk: 1, type, ...body }, ...event });
  }
  /** Opens the chat, and the frame answers. */
  open() {
    this.click();
    this.say('ready');
    return this;
  }
}
