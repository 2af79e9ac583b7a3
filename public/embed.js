/*
 * Frontdesk's loader: the only code of ours that runs on a customer's page.
 *
 *   <script async src="https://HOST/embed.js" data-color="#0f766e"></script>
 *
 * It draws the launcher, remembers the visit in the visitor's own browser, and opens the chat, which is a page of HOST
 * in an iframe. Until the launcher is touched it requests nothing and makes no identifier of the visitor; a chat that
 * goes on from an earlier page is the one exception. The page API is typed in embed.d.ts.
 *
 * Small on purpose (at most 3 KB minified and compressed), without dependencies, and without anything that a strict
 * Content-Security-Policy refuses: no style attributes, no inline styles, no HTML from strings. Data goes one way:
 * something happens, the state changes, `draw` shows the state.
 */
(() => {
  /** Our one name: of the page API, in localStorage (the visit) and in sessionStorage (this tab's panel is open). */
  const KEY = 'frontdesk';
  const SESSION_ENDS_AFTER_MS = 30 * 60 * 1000;
  const MAX_PAGES = 50;
  const MAX_URL = 2000;
  const MAX_TITLE = 300;
  /** Routers set the title after the address: how long a page view waits for it; longer while there is none. */
  const TITLE_MS = 200;
  const NO_TITLE_MS = 2000;
  /** Query parameters with such names stay in the browser. Matches `?name=`, also inside of another one's value. */
  const SECRET = /(token|secret|pass|pwd|jwt|sess|auth(?!or[^i])|mail|[^a-z](sig|sid)|(key|code)(?![a-z]))[^=?&]*=/i;

  const { src, dataset: options } = document.currentScript || document.querySelector('[src*="/embed.js"]');
  const HOST = new URL(src).origin;
  const onTouch = options.storage === 'on-touch' || navigator.doNotTrack === '1' || navigator.globalPrivacyControl;

  /** What `fn` returns, or nothing when it throws: a browser may deny storage, at any time. */
  const attempt = (fn) => {
    try {
      return fn();
    } catch (error) {
      // As if there were nothing.
    }
  };
  /** The page's own objects may change, or hold what cannot be sent; what is undefined is left out. */
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const nobody = () => ({ v: 1, pages: [] });

  // ----------------------------------------------------------------------------------------------------- the state

  /** May anything be remembered? With data-consent="required" not before the page says so. */
  let consented = options.consent !== 'required';
  /** After `hide`: no launcher, though the page may still open the chat. */
  let hidden;
  let opened = false;
  let unread;
  /** The chat's iframe, once it was needed, and whether it has said that it listens. */
  let frame;
  let ready;
  /** Where the focus was when the panel opened. */
  let returnTo;
  /** What is remembered of the visitor: {v, first, session, pages, token, chat}, the same as in storage. */
  let visit = nobody();
  /** `visit` has been written. From then on storage is right, as other tabs write there too. */
  let saved;
  /** The page view that the visitor is on: {id, at, url, title, referrer}. */
  let here;
  /** From `identify` and `set`, as {identity, data}: handed to the frame, never stored. */
  let told = {};
  /** [event, function] pairs from `on`. */
  const handlers = [];

  // ----------------------------------------------------------------------------------------------------- the visit

  /** When and where a visit or a session began. */
  const mark = ({ at, url }) => ({ at, url });

  /** Adds a page to what is remembered. After too long a silence it is the first of a new session. */
  const see = (record, page) => {
    record.first = record.first || mark(page);
    if (!record.session || !(page.at - record.session.last <= SESSION_ENDS_AFTER_MS)) {
      record.session = mark(page);
      record.pages = [];
    }
    record.session.last = page.at;
    record.pages = [...record.pages.filter((other) => other.id !== page.id), page].slice(-MAX_PAGES);
  };

  /** Takes in what an earlier page or another tab has stored. Anything may be there: what is not ours counts as nothing. */
  const load = () => {
    const stored = consented && attempt(() => {
      const found = JSON.parse(localStorage[KEY]);
      return found.v === 1 && found.pages.every(({ url }) => url) && found;
    });
    if (saved) {
      visit = stored || nobody();
    } else if (stored) {
      visit.pages.forEach((page) => see(stored, page));
      visit = { ...visit, ...stored };
    }
  };

  /** The only way to change the visit: read it again, change it, write it where that is allowed. */
  const update = (change) => {
    load();
    change();
    if (visit.session) visit.session.last = Date.now();
    if (consented && (visit.token || !onTouch)) {
      attempt(() => {
        localStorage[KEY] = JSON.stringify(visit);
        saved = true;
      });
    }
  };

  /** The first touch makes the visitor's token: 32 random bytes as base64url, 43 characters. */
  const touch = () => {
    settle();
    update(() => {
      if (!/^[\w-]{43}$/.test(visit.token)) {
        visit.token = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
          .replace(/\+/g, '-').replace(/\//g, '_').slice(0, 43);
      }
    });
  };

  // ------------------------------------------------------------------------------------------------- the page views

  let lastId = 0;
  let titleTimer;
  const reloaded = performance.getEntriesByType('navigation').some(({ type }) => type === 'reload');

  /** A UUIDv7, greater than every one before it. It names a page view and guards nothing: no strong randomness. */
  const uuid = () => {
    lastId = Math.max(Date.now(), lastId + 1);
    return (lastId.toString(16).padStart(12, 0) + '-7xxx-8xxx-xxxxxxxxxxxx')
      .replace(/.{8}/, '$&-')
      .replace(/x/g, () => (Math.random() * 16 | 0).toString(16));
  };

  /** An address without credentials, secret parameters and anchor. A hash that is a route (#/…, #!…) stays. */
  const clean = (url) => url
    .replace(/#(?![/!]).*/, '')
    .replace(/\/\/[^/?#]*@/, '//')
    // unescape, as decodeURIComponent throws on what is not UTF-8; only ASCII matters here.
    .replace(/[?&][^?&#]*/g, (parameter) => (SECRET.test(unescape(parameter)) ? parameter[0] : parameter))
    .replace(/[?&]+(?=#|$)|([?&])&+/g, '$1')
    .slice(0, MAX_URL);

  /** Remembers the page that the visitor is on, and reports it while a chat goes on. */
  const note = () => {
    if (!consented) return;
    load();
    // A reload is no new page, but the same view again.
    const known = reloaded && !saved && visit.pages.slice(-1).find(({ url }) => url === here.url);
    if (known) here.id = known.id;
    update(() => see(visit, here));
    if (known) return;
    tell('page', { page: here });
    if (!visit.chat) return;
    const url = HOST + '/api/visitor/page-views';
    const body = JSON.stringify({ token: visit.token, pages: [here] });
    if (navigator.sendBeacon && navigator.sendBeacon(url, body)) return;
    fetch(url, { method: 'POST', body, keepalive: true, credentials: 'omit', mode: 'no-cors' }).catch(() => {});
  };

  /** The title is there, or nothing waits for it any longer. */
  const settle = () => {
    if (!titleTimer) return;
    titleTimer = clearTimeout(titleTimer);
    // Half a character (a cut emoji) is no valid JSON for the server.
    here.title = document.title.slice(0, MAX_TITLE).replace(/\p{Cs}/gu, '');
    note();
  };

  /** The visitor has come to a page. */
  const arrive = (referrer) => {
    settle();
    here = { id: uuid(), at: Date.now(), url: clean(location.href), referrer: clean(referrer) };
    titleTimer = setTimeout(settle, document.title ? TITLE_MS : NO_TITLE_MS);
  };

  /** The address may have changed, by a router or by an anchor. */
  const moved = () => {
    if (here.url !== clean(location.href)) arrive(here.url);
  };

  // --------------------------------------------------------------------------------------------------- the launcher

  const make = (parent, name, kind = '1999/xhtml') =>
    parent.appendChild(document.createElementNS('http://www.w3.org/' + kind, name));
  const host = document.createElement('frontdesk-chat');
  const root = host.attachShadow({ mode: 'open' });
  const box = make(root, 'div');
  const button = make(box, 'button');
  const icon = make(button, 'svg', '2000/svg');
  const shape = make(icon, 'path', '2000/svg');
  // An output is a status: what changes is read out.
  const badge = make(box, 'output');

  const sheet = new CSSStyleSheet();
  // Each rule is a string of its own, for the minifier.
  sheet.replaceSync(
    // No rule of the page reaches in, and nothing is inherited. Nothing of the host element is in the page's layout.
    ':host{all:initial!important;display:contents!important}' +
    'div{--color:#36d;position:fixed;inset:auto max(20px,env(safe-area-inset-right)) ' +
    'max(20px,env(safe-area-inset-bottom)) auto;z-index:2147483647;font:12px/20px system-ui;color-scheme:light dark}' +
    // The border shows in forced colours.
    'button{all:unset;display:block;padding:15px;border:1px solid #0000;border-radius:50%;' +
    'color:#fff;background:var(--color);cursor:pointer}' +
    'button:hover{transform:scale(1.06)}' +
    // White inside dark: seen on every page.
    'button:focus-visible{outline:2px solid #fff;box-shadow:0 0 0 4px #000}' +
    // Black on a light colour, where the browser can tell.
    '@supports(color:contrast-color(red)){button{color:contrast-color(var(--color))}}' +
    'svg{display:block;width:28px;height:28px;fill:currentColor}' +
    '.open svg{transform:rotate(45deg)}' +
    // The words after the number are on lines of their own, out of sight.
    'output{position:absolute;right:-4px;bottom:44px;width:20px;height:20px;border:2px solid #fff;border-radius:50%;' +
    'color:#fff;background:#dc2626;overflow:hidden;text-align:center;pointer-events:none}' +
    '.open output,output:empty{opacity:0}' +
    'iframe{position:absolute;right:0;bottom:76px;width:392px;height:min(680px,100vh - 120px);border:0;border-radius:16px;' +
    'background:Canvas}' +
    'button,iframe{box-shadow:0 2px 8px #0003,0 8px 32px #0003}' +
    '@media(prefers-reduced-motion:no-preference){button,svg,iframe{transition:.2s}}' +
    'div:not(.open) iframe{opacity:0;visibility:hidden;transform:translateY(20px)}' +
    // Visible at once, as the focus goes in.
    '.open iframe{transition-property:opacity,transform}' +
    // Phones: the whole screen. The frame has its own close button; ours is there until the frame is ready.
    '@media(max-width:480px),(max-height:440px){iframe{position:fixed;inset:0;width:100%;height:100%;border-radius:0}' +
    '.open button{position:fixed;inset:8px 8px auto auto;z-index:1;padding:8px}.ready.open button{display:none}}' +
    '@media print{div{display:none}}',
  );
  root.adoptedStyleSheets = [sheet];
  if (CSS.supports('color', options.color)) box.style.setProperty('--color', options.color);

  /** Shows the state; changes nothing else. */
  const draw = () => {
    box.className = (opened ? 'open ' : '') + (ready ? 'ready' : '');
    // Where the page hides the launcher there still is a way out of the panel.
    box.hidden = hidden && !opened;
    button.setAttribute('aria-label', (opened ? 'Close' : 'Open') + ' chat');
    button.setAttribute('aria-expanded', opened);
    // A plus, which the style turns into a cross; a speech bubble.
    shape.setAttribute('d', opened ? 'M3 13h22v2H3zM13 3h2v22h-2z' : 'M2 26l2-7a12 11 0 1 1 6 5z');
    // The title is what describes the button.
    button.title = badge.textContent = unread ? (unread > 9 ? '9+' : unread) + ' unread message' + (unread > 1 ? 's' : '') : '';
  };

  /** Puts us into the page, also again when a framework has thrown us out or has replaced the body. */
  const attach = () => {
    if (!document.body || host.isConnected) return;
    // An iframe that is moved loads anew.
    if (frame) point();
    document.body.append(host);
    observer.observe(document.body, { childList: true });
  };
  // Not at once, so that a page that insists does not hang.
  const observer = new MutationObserver(() => host.isConnected || requestAnimationFrame(attach));

  // ------------------------------------------------------------------------------------------------------ the frame

  /** Gives the frame its address, for what is known now. */
  const point = () => {
    const query = new URLSearchParams({
      ...options,
      lang: options.lang || document.documentElement.lang,
      origin: location.origin,
      ...(visit.chat && { resume: 1 }),
    });
    ready = false;
    frame.src = HOST + '/widget?' + query;
  };

  const mount = () => {
    if (frame) return;
    frame = make(box, 'iframe');
    frame.title = 'Chat';
    frame.allow = 'clipboard-write; autoplay';
    point();
    // Asking for the layout makes the first opening move, too.
    frame.clientTop;
  };

  const tell = (type, body) => {
    if (ready && host.isConnected) frame.contentWindow.postMessage({ frontdesk: 1, type, ...body }, HOST);
  };

  /** All that the frame needs to know of this page. */
  const introduce = () => {
    if (!ready) return;
    touch();
    tell('context', {
      token: visit.token,
      open: opened,
      visit: { first: visit.first || here, session: visit.session || here },
      pages: visit.pages,
      page: here,
      ...told,
    });
  };

  /** Opens or closes the panel; `quietly` when nobody asked for it on this page. */
  const turn = (open, quietly) => {
    if (opened === open) return;
    const focused = document.activeElement;
    if (open) {
      touch();
      mount();
      returnTo = focused;
    }
    opened = open;
    draw();
    // So that it is still open on the next page of this tab.
    attempt(() => (open && consented ? (sessionStorage[KEY] = 1) : delete sessionStorage[KEY]));
    if (open) quietly || frame.focus();
    else if (focused === host) (hidden ? returnTo : button).focus();
    tell('visible', { open });
    emit(open ? 'open' : 'close');
  };
  const close = () => turn(false);
  const toggle = () => turn(!opened);

  /** What the frame may say, by type. */
  const heard = {
    ready() {
      ready = true;
      draw();
      introduce();
    },
    close,
    /** A form was posted before we could say who this is: the chat is of the visitor with that token. */
    token: ({ token }) => update(() => (visit.token = token)),
    chat({ open }) {
      update(() => (visit.chat = !!open || undefined));
    },
    unread({ count }) {
      if (!(count >= 0)) return;
      unread = count;
      draw();
      emit('unread', count);
    },
    event({ name, data }) {
      emit(name, data);
    },
  };

  /** Goes on with what was open on the page before. */
  const resume = () => {
    load();
    if (consented && attempt(() => sessionStorage[KEY])) turn(true, true);
    const listen = () => visit.chat && mount();
    if (document.readyState === 'complete') listen();
    else addEventListener('load', listen);
  };

  // --------------------------------------------------------------------------------------------------- the page API

  /** Calls the page's handlers, each in a task of its own: what they throw is the page's to see, and stops nothing. */
  const emit = (name, value) => handlers.forEach(([event, handler]) => event === name && setTimeout(handler, 0, value));

  const forget = () => {
    close();
    if (frame) frame.remove();
    frame = ready = saved = unread = consented = false;
    visit = nobody();
    attempt(() => delete localStorage[KEY] && delete sessionStorage[KEY]);
    draw();
  };

  const api = {
    open: () => turn(true),
    close,
    toggle,
    show() {
      hidden = false;
      draw();
    },
    hide() {
      hidden = true;
      close();
      draw();
    },
    identify(person) {
      told.identity = copy(person);
      introduce();
    },
    set(values) {
      told.data = { ...told.data, ...copy(values) };
      introduce();
    },
    on(event, handler) {
      handlers.push([event, handler]);
      // Whoever can call this finds us ready.
      if (event === 'ready') setTimeout(handler);
    },
    consent(given) {
      if (given !== true) {
        forget();
      } else if (!consented) {
        consented = true;
        if (!titleTimer) note();
        resume();
      }
    },
    shutdown() {
      told = {};
      hidden = true;
      forget();
    },
  };

  const call = (method, ...args) => {
    if (api[method]) api[method](...args);
    else console.warn('frontdesk: no method', method);
  };

  const start = () => {
    const stub = window[KEY] || {};
    // A second copy on the page does nothing.
    if (stub.loaded) return;
    call.loaded = true;
    window[KEY] = call;
    draw();
    observer.observe(document.documentElement, { childList: true });
    attach();

    arrive(document.referrer);
    ['pushState', 'replaceState'].forEach((method) => {
      const original = history[method];
      history[method] = (...args) => {
        original.call(history, ...args);
        moved();
      };
    });
    addEventListener('popstate', moved);
    addEventListener('hashchange', moved);
    addEventListener('pagehide', settle);
    addEventListener('pageshow', (event) => {
      // Out of the back/forward cache this script does not run again.
      if (!event.persisted) return;
      arrive(document.referrer);
      resume();
    });

    button.onclick = toggle;
    box.onkeydown = ({ key }) => {
      if (key === 'Escape') close();
    };
    addEventListener('message', ({ source, origin, data }) => {
      const ours = frame && source === frame.contentWindow && origin === HOST && data && data.frontdesk === 1;
      if (ours && heard[data.type]) heard[data.type](data);
    });
    resume();
    (stub.q || []).forEach((args) => setTimeout(call, 0, ...args));
  };

  // A page that is rendered ahead has not been visited yet.
  if (document.prerendering) document.addEventListener('prerenderingchange', start);
  else start();
})();
