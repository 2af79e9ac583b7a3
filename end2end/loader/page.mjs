// A browser page as small as the loader needs: enough of the DOM to run public/embed.js in node, with a clock that the
// test owns. What only a browser can show (style, focus, CSP) is not tested with this.
//
// The minified loader can be tested in place of the source: FRONTDESK_EMBED=path node --test end2end/loader/*.test.mjs

import { readFileSync } from 'node:fs';
import vm from 'node:vm';

export const HOST = 'https://chat.example';
export const SITE = 'https://shop.example';
export const MINUTE = 60 * 1000;

const source = readFileSync(process.env.FRONTDESK_EMBED || new URL('../../public/embed.js', import.meta.url), 'utf8');

class Element {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, children: [], parent: null, hidden: false, textContent: '' });
    this.style = { setProperty: (name, value) => (this.attributes[name] = value) };
    // Only an iframe that is in the page has a window.
    this.window = { received: [], postMessage: (data, origin) => this.window.received.push({ data: structuredClone(data), origin }) };
  }
  get isConnected() {
    return this.tag === 'html' || Boolean(this.parent && this.parent.isConnected);
  }
  get contentWindow() {
    return this.isConnected ? this.window : null;
  }
  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }
  appendChild(child) {
    child.remove();
    this.children.push(child);
    child.parent = this;
    return child;
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
  /** The first element of this tag name, in the shadow tree, too. */
  find(tag) {
    if (this.tag === tag) return this;
    for (const child of this.shadow ? [this.shadow, ...this.children] : this.children) {
      const found = child.find(tag);
      if (found) return found;
    }
    return undefined;
  }
}

/** What one visitor's browser keeps between pages. */
export class Browser {
  now = Date.UTC(2026, 0, 15, 9);
  localStorage = {};
  sessionStorage = {};
  beacons = [];
  fetches = [];

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
  listeners = [];
  observers = [];

  constructor(browser, url, { title = 'A page', referrer = '', data = {}, navigator = {}, type = 'navigate', storage = true, before = () => {} } = {}) {
    this.browser = browser;
    const page = this;
    const html = (this.html = new Element('html'));
    html.lang = 'en';
    const document = (this.document = {
      currentScript: { src: HOST + '/embed.js', dataset: data },
      documentElement: html,
      get body() {
        return html.children[0] || null;
      },
      title,
      referrer,
      readyState: 'complete',
      activeElement: null,
      createElement: (tag) => new Element(tag),
      createElementNS: (_, tag) => new Element(tag),
      addEventListener: (name, fn) => this.listeners.push([name, fn]),
    });
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
    const goTo = (_state, _unused, to) => {
      location.href = new URL(to, location.href).href;
    };
    let lastTimer = 0;
    const setTimeout = (fn, ms = 0, ...args) => {
      const id = ++lastTimer;
      page.timers.set(id, { at: browser.now + ms, run: () => fn(...args) });
      return id;
    };
    const context = {
      document,
      location,
      history: { pushState: goTo, replaceState: goTo },
      navigator: {
        sendBeacon: (to, body) => Boolean(browser.beacons.push({ to, ...JSON.parse(body) })),
        ...navigator,
      },
      performance: { getEntriesByType: () => [{ type }] },
      fetch: (to, init) => {
        browser.fetches.push({ to, ...init });
        return Promise.reject(new Error('offline'));
      },
      addEventListener: (name, fn) => this.listeners.push([name, fn]),
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
    vm.runInContext(source, this.window);
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

  fire(name, event = {}) {
    for (const [listened, fn] of [...this.listeners]) if (listened === name) fn(event);
  }

  api(...args) {
    this.window.frontdesk(...args);
  }
  push(to) {
    this.window.history.pushState(null, '', to);
  }
  click() {
    this.button.onclick();
  }

  get launcher() {
    return this.document.body && this.document.body.find('frontdesk-chat');
  }
  get button() {
    return this.html.find('button');
  }
  get badge() {
    return this.html.find('output').textContent;
  }
  get frame() {
    return this.html.find('iframe');
  }
  get isOpen() {
    return this.button.attributes['aria-expanded'] === 'true';
  }
  /** What the frame was told, of one type or in all. */
  told(type) {
    return this.frame.window.received.map(({ data }) => data).filter((data) => !type || data.type === type);
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
