/*
 * Frontdesk's loader: what of ours runs on a customer's page before anybody touches the chat.
 *
 *   <script async src="https://HOST/embed.js" data-color="#0f766e"></script>
 *
 * It draws the launcher and remembers the visit in the visitor's own browser. All that is needed only later (the panel,
 * the talk with the frame in it, reports of page views) is in embed-frame.js, which is fetched when the pointer comes
 * near the launcher, the launcher gets the focus or is touched, or when a chat goes on from an earlier page. The frame
 * with the chat is fetched at the same time, not after it. Until the launcher is touched nothing is sent that tells one
 * visitor from another. The page API is typed in embed.d.ts.
 *
 * Small on purpose (at most 3 KB minified and compressed), without dependencies, and without anything that a strict
 * Content-Security-Policy refuses: no style attributes, no inline styles, no HTML from strings.
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
  /** So near the launcher, in px from its middle, a mouse is on its way to it. */
  const NEAR = 150;
  const tag = document.currentScript || document.querySelector('[src*="/embed.js"]');
  const options = { ...tag.dataset };
  const HOST = new URL(tag.src).origin;
  const onTouch = options.storage === 'on-touch' || navigator.doNotTrack === '1' || navigator.globalPrivacyControl;
  /** Page views are reported also before a chat. Whoever does not want to be followed is not. */
  const live = options.visitors === 'live' && !onTouch;
  /**
   * Query parameters with such names stay in the browser: those that speak of secrets, and the page's own list, names
   * with * for any letters. Matches `?name=`, also inside of another one's value.
   */
  const SECRET = RegExp(
    '(token|secret|pass|pwd|jwt|sess|auth(?!or[^i])|mail|[^a-z]si[gd]|(key|code)(?![a-z]))[^=?&]*=|[?&](' +
    (options.ignoreParams || '&').replace(/[\s,]+/g, '|').replace(/[^\w*|]/g, '\\$&').replace(/\*/g, '[^=?&]*') +
    ')(=|&|$)', 'i');

  const nothing = () => {};
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

  const host = document.createElement('frontdesk-chat');
  const root = host.attachShadow({ mode: 'open' });

  /**
   * The state, shared with embed-frame.js. A browser may hold an older embed.js than the server's embed-frame.js, so
   * what is here is only ever added to; a change that breaks it needs another name for the other file.
   *
   * Beside what stands here: `here`, the page view that the visitor is on: {id, at, url, title, referrer, sent}; `opened`,
   * the panel is open, or is to be once the other half is there; `frame`, the chat's iframe, once it is needed; `text`,
   * the launcher's; `forgets`, the frame comes only to forget the visitor. From the other half: `begin`, what it does when there is something to go on with; `turn`, which
   * opens and closes the panel.
   */
  const my = {
    host,
    root,
    options,
    live,
    attempt,
    at: HOST,
    /** May anything be remembered? With data-consent="required" not before the page says so. */
    consented: options.consent !== 'required',
    /** After `hide`: no launcher, though the page may still open the chat. */
    hidden: options.launcher === 'none',
    /** What is remembered of the visitor: {v, first, session, pages, token, chat, live, notify}, as in storage. */
    visit: nobody(),
    /** From `identify` and `set`, as {identity, data}: handed to the frame, never stored. */
    told: {},
    /** What stands before the page's own title while messages are unread. */
    prefix: '',
    bubble: 'M2 26l2-7a12 11 0 1 1 6 5z',
    /** What the frame has said before the other half was there to hear it. */
    early: [],
    hear: (event) => my.early.push(event),
    /** What the other half does when: the page has told something, was noted, forgets, went back; the frame loads. */
    introduce: nothing,
    page: nothing,
    drop: nothing,
    popped: nothing,
    pointed: nothing,
  };

  // ----------------------------------------------------------------------------------------------------- the visit

  /** `my.visit` has been written. From then on storage is right, as other tabs write there too. */
  let saved;

  /** When and where a visit or a session began. */
  const mark = ({ at, url }) => ({ at, url });

  /** Adds a page to what is remembered. After too long a silence it is the first of a new session. */
  const see = (my.see = (record, page) => {
    record.first = record.first || mark(page);
    if (!record.session || !(page.at - record.session.last <= SESSION_ENDS_AFTER_MS)) {
      record.session = mark(page);
      record.pages = [];
    }
    // It never goes back: what is replayed may be older than what was done since.
    record.session.last = Math.max(page.at, record.session.last || 0);
    record.pages = [...record.pages.filter((other) => other.id !== page.id), page].slice(-MAX_PAGES);
  });

  /** Takes in what an earlier page or another tab has stored. Anything may be there: what is not ours counts as nothing. */
  const load = (my.load = () => {
    const stored = my.consented && attempt(() => {
      const found = JSON.parse(localStorage[KEY]);
      return found.v === 1 && found.pages.every(({ url }) => url) && found;
    });
    if (saved) {
      my.visit = stored || nobody();
    } else if (stored) {
      my.visit.pages.forEach((page) => see(stored, page));
      my.visit = { ...my.visit, ...stored };
    }
  });

  /** The only way to change the visit: read it again, change it, write it where that is allowed. */
  const update = (my.update = (change) => {
    load();
    change(my.visit);
    const { visit } = my;
    if (visit.session) visit.session.last = Date.now();
    if (my.consented && (visit.token || !onTouch)) {
      // What cannot be written counts as it is here.
      saved = attempt(() => (localStorage[KEY] = JSON.stringify(visit)));
    }
  });

  // ------------------------------------------------------------------------------------------------- the page views

  let lastId = 0;
  let titleTimer;
  const reloaded = performance.getEntriesByType('navigation').some(({ type }) => type === 'reload');

  /** A UUIDv7, greater than every one before it. It names a page view and guards nothing: no strong randomness. */
  const uuid = (my.uuid = () => {
    lastId = Math.max(Date.now(), lastId + 1);
    return (lastId.toString(16).padStart(12, 0) + '-7xxx-8xxx-xxxxxxxxxxxx')
      .replace(/.{8}/, '$&-')
      .replace(/x/g, () => (Math.random() * 16 | 0).toString(16));
  });

  /** An address without credentials, secret parameters and anchor. A hash that is a route (#/…, #!…) stays. */
  const clean = (url) => url
    .replace(/#(?![/!]).*/, '')
    .replace(/\/\/[^/?#]*@/, '//')
    // unescape, as decodeURIComponent throws on what is not UTF-8; only ASCII matters here.
    .replace(/[?&][^?&#]*/g, (parameter) => (SECRET.test(unescape(parameter)) ? parameter[0] : parameter))
    .replace(/[?&]+(?=#|$)|([?&])&+/g, '$1')
    .slice(0, MAX_URL);

  /** Remembers the page that the visitor is on. */
  const note = () => {
    if (!my.consented) return;
    load();
    let { here } = my;
    // A reload is no new page, but the same view again.
    const known = reloaded && !saved && my.visit.pages.slice(-1).find(({ url }) => url === here.url);
    if (known) here = my.here = { ...here, id: known.id, sent: known.sent };
    update((visit) => see(visit, here));
    if (!known) my.page(here);
  };

  /** The title is there, or nothing waits for it any longer. */
  const settle = (my.settle = () => {
    if (!titleTimer) return;
    titleTimer = clearTimeout(titleTimer);
    // Half a character (a cut emoji) is no valid JSON for the server.
    my.here.title = document.title.replace(my.prefix, '').slice(0, MAX_TITLE).replace(/\p{Cs}/gu, '');
    note();
  });

  /** The visitor has come to a page. */
  const arrive = (referrer) => {
    settle();
    my.here = { id: uuid(), at: Date.now(), url: clean(location.href), referrer: clean(referrer) };
    titleTimer = setTimeout(settle, document.title ? TITLE_MS : NO_TITLE_MS);
  };

  /** The address may have changed, by a router or by an anchor. Some routers throw us out at this moment, too. */
  const moved = () => {
    attach();
    if (my.here.url !== clean(location.href)) arrive(my.here.url);
  };

  // --------------------------------------------------------------------------------------------------- the launcher

  const make = (my.make = (parent, name, kind = '1999/xhtml') =>
    parent.appendChild(document.createElementNS('http://www.w3.org/' + kind, name)));
  const box = (my.box = make(root, 'div'));
  const button = (my.button = make(box, 'button'));
  const shape = (my.shape = make(make(button, 'svg', '2000/svg'), 'path', '2000/svg'));

  /** Much more than 1 where a colour is darker than the luminance between the two, much less than 0 where it is not. */
  const LIGHT = 'calc((.179 - .213*r - .715*g - .072*b)*1e6)';
  const sheet = new CSSStyleSheet();
  // Each rule is a string of its own, for the minifier.
  sheet.replaceSync(
    // No rule of the page reaches in, and nothing is inherited. Nothing of the host element is in the page's layout.
    ':host{all:initial!important;display:contents!important}' +
    'div{--color:#36d;position:fixed;bottom:max(20px,env(safe-area-inset-bottom));' +
    'right:max(20px,env(safe-area-inset-right));z-index:2147483647}' +
    '.left{left:max(20px,env(safe-area-inset-left));right:auto}' +
    // The border shows in forced colours.
    'button{all:unset;display:flex;gap:10px;padding:15px;border:1px solid #0000;border-radius:30px;' +
    'font:600 16px/28px system-ui;color:#fff;background:var(--color);cursor:pointer;' +
    'box-shadow:0 4px 20px #0005}' +
    // White inside dark: seen on every page.
    'button:focus-visible{outline:2px solid #fff;box-shadow:0 0 0 4px #000}' +
    // Black on a light colour, white on a dark one: whichever stands out more does so by at least 4.58 to 1.
    `@supports(color:color(from red srgb r g b)){button{background:color(from var(--color) srgb r g b/1);color:color(from var(--color) srgb-linear ${LIGHT} ${LIGHT} ${LIGHT}/1)}}` +
    'svg{width:28px;height:28px;fill:currentColor}' +
    '@media print{div{display:none}}',
  );
  root.adoptedStyleSheets = [sheet];
  if (CSS.supports('color', options.color)) box.style.setProperty('--color', options.color);
  if (options.position === 'left') box.className = 'left';
  shape.setAttribute('d', my.bubble);
  /** What the launcher says beside its icon; its name has to contain that. */
  my.text = (options.launcher || '').replace(/^(icon|none)$/, '');
  if (my.text) make(button, 'span').textContent = my.text;
  button.setAttribute('aria-label', 'Open chat' + (my.text && ': ' + my.text));
  button.setAttribute('aria-expanded', false);

  /** Shows the state, as far as there is one without the frame. Where the page hides the launcher there still is a way out of the panel. */
  my.draw = () => (box.hidden = my.hidden && !my.opened);

  /** Puts us into the page, also again when a framework has thrown us out. */
  const attach = () => {
    const { body, documentElement } = document;
    observer.observe(document, { childList: true });
    observer.observe(documentElement, { childList: true });
    if (!body || host.isConnected) return;
    // An iframe that is moved loads anew.
    point();
    // Not into the body: pages filter and move theirs, which would then carry us along, and routers replace it.
    documentElement.append(host);
  };
  // Not at once, so that a page that insists does not hang.
  const observer = new MutationObserver(() => host.isConnected || requestAnimationFrame(attach));

  // ------------------------------------------------------------------------------------------------------ the frame

  /** Gives the frame its address, for what is known now. */
  const point = () => {
    if (!my.frame) return;
    my.pointed();
    // The frame does not know what the page calls its colours.
    if (options.color) options.color = getComputedStyle(button).backgroundColor || options.color;
    my.frame.src = HOST + '/widget?' + new URLSearchParams({
      ...options,
      // The first of them that the chat speaks.
      lang: [options.lang, document.documentElement.lang],
      origin: location.origin,
      ...(my.visit.chat && { resume: 1 }),
    });
  };

  /**
   * Makes the frame, hidden until the other half shows it. Only the frame can fetch for the frame: a browser keeps what
   * frames of one website load apart from what the website itself loads.
   */
  const mount = (my.mount = () => {
    if (my.frame) return;
    load();
    const panel = make(box, 'section');
    panel.hidden = true;
    // A frame that comes into the page without an address loads an empty page first.
    panel.remove();
    const frame = (my.frame = make(panel, 'iframe'));
    frame.title = 'Chat';
    frame.allow = 'clipboard-write; autoplay';
    // Which page the visitor is on is not said by the way.
    frame.referrerPolicy = 'origin';
    point();
    box.append(panel);
  });

  // -------------------------------------------------------------------------------------------------- the other half

  let script;
  /** What names the address of a script: a page that requires trusted types lets each policy be made once. */
  let policy;

  const include = (path) => {
    const element = document.createElement('script');
    const plain = { createScriptURL: (path) => HOST + path };
    // Pages that require trusted types have to name ours.
    policy = policy || attempt(() => trustedTypes.createPolicy(KEY, plain)) || plain;
    element.src = policy.createScriptURL(path);
    // Pages whose policy goes by nonces let us in by one.
    element.nonce = tag.nonce;
    // There it is in nobody's way. It runs when we are in the page.
    host.append(element);
    return element;
  };

  /** Brings the other half, or lets it go on with what has changed. */
  const bring = () => {
    if (my.begin) return my.begin();
    if (script) return;
    // The build puts a digest of that file in the place of `dev`: the two halves fit together.
    script = include('/embed-frame.js?v=dev');
    // How it finds us, without a name on the page.
    script.frontdesk = my;
    script.onerror = () => {
      want(false);
      // The next touch tries again.
      script.remove();
      script = undefined;
    };
  };

  /** The panel is to be open or closed; `mine` when the visitor says so on it. */
  const want = (open, mine) => {
    if (my.turn) return my.turn(open, mine);
    my.opened = open;
    button.setAttribute('aria-busy', open);
    if (open) near();
  };

  /** The launcher is about to be used: what it takes may come meanwhile. */
  const near = () => {
    mount();
    bring();
  };
  const approach = ({ clientX, clientY, pointerType }) => {
    const x = options.position === 'left' ? clientX : innerWidth - clientX;
    const comes = pointerType === 'mouse' && Math.hypot(x - 50, innerHeight - clientY - 50) < NEAR;
    if (comes && !(my.frame || my.hidden || (navigator.connection || {}).saveData)) near();
  };

  /** Goes on with what was open on the page before. */
  const resume = () => {
    load();
    const open = my.consented && attempt(() => sessionStorage[KEY]);
    if (!(open || my.visit.chat || options.greeting || (live && my.consented))) return;
    // What nobody sees takes nothing from the page's own load.
    if (open || document.readyState === 'complete') bring();
    else addEventListener('load', bring);
  };

  // --------------------------------------------------------------------------------------------------- the page API

  /** [event, function] pairs from `on`. */
  const handlers = [];
  /** Calls the page's handlers, each in a task of its own: what they throw is the page's to see, and stops nothing. */
  my.emit = (name, value) => handlers.forEach(([event, handler]) => event === name && setTimeout(handler, 0, value));

  const forget = () => {
    want(false);
    // Only a frame can forget what frames have kept, also of a visitor whom this page may not know.
    if (attempt(() => /"token/.test(localStorage[KEY]))) {
      my.forgets = !my.begin;
      near();
    }
    my.drop();
    saved = my.consented = false;
    my.visit = nobody();
    attempt(() => delete localStorage[KEY] && delete sessionStorage[KEY]);
    my.draw();
  };

  const api = {
    open: () => want(true),
    close: () => want(false),
    toggle: () => want(!my.opened),
    show() {
      my.hidden = false;
      my.draw();
    },
    hide() {
      my.hidden = true;
      want(false);
      my.draw();
    },
    identify(person) {
      my.told.identity = copy(person);
      my.introduce();
    },
    set(values) {
      my.told.data = { ...my.told.data, ...copy(values) };
      my.introduce();
    },
    on(event, handler) {
      handlers.push([event, handler]);
      // Whoever can call this finds us ready.
      if (event === 'ready') setTimeout(handler);
    },
    consent(given) {
      if (given !== true) {
        forget();
      } else if (!my.consented) {
        my.consented = true;
        if (!titleTimer) note();
        my.introduce();
        resume();
      }
    },
    shutdown() {
      my.told = {};
      my.hidden = true;
      forget();
    },
  };

  const call = (method, ...args) => {
    if (api[method]) api[method](...args);
    else console.warn(KEY + ': no ' + method);
  };

  const start = () => {
    const stub = window[KEY] || {};
    // A second copy on the page does nothing.
    if (stub.loaded) return;
    call.loaded = true;
    window[KEY] = call;
    my.draw();
    attach();

    arrive(document.referrer);
    // Early, since window events reach those first who asked first.
    addEventListener('popstate', (event) => my.popped(event), true);
    // Where the browser tells of each change of the address, the page's own functions stay as they are.
    if (window.navigation) navigation.addEventListener('currententrychange', moved);
    else {
      ['pushState', 'replaceState'].forEach((method) => {
        const original = history[method];
        history[method] = (...args) => {
          original.apply(history, args);
          moved();
        };
      });
      addEventListener('popstate', moved);
      addEventListener('hashchange', moved);
    }
    addEventListener('pagehide', settle);
    addEventListener('message', (event) => my.frame && event.source === my.frame.contentWindow && my.hear(event));
    addEventListener('pageshow', (event) => {
      // Out of the back/forward cache this script does not run again.
      if (!event.persisted) return;
      arrive(document.referrer);
      resume();
    });

    button.onclick = () => want(!my.opened, true);
    button.onfocus = button.onpointerdown = near;
    addEventListener('pointermove', approach, { passive: true });
    resume();
    if (options.compat && /^\w+$/.test(options.compat)) include('/compat/' + options.compat + '.js');
    // What was called before; and whoever has kept the stub goes on by it.
    (call.q = stub.q || []).forEach(call.q.push = (args) => setTimeout(call, 0, ...args));
  };

  // A page that is rendered ahead has not been visited yet.
  if (document.prerendering) document.addEventListener('prerenderingchange', start);
  else start();
})();
