/*
 * The loader's other half: the panel with the chat, and the talk with it. embed.js fetches it when it is needed, hands
 * over what the two share (`my`, described there), and works alone until this is here.
 *
 * The frame is made by embed.js when the launcher is about to be used, and hidden. Loading it sends nothing that tells
 * one visitor from another. Who the visitor is, the frame is told at the first touch, or when a chat goes on.
 *
 * It keeps the rules of embed.js: no dependencies, no style attributes, no inline styles, no HTML from strings.
 */
(() => {
  const my = document.currentScript.frontdesk;
  const { at: HOST, root, box, button, options, host, attempt, make } = my;
  const KEY = 'frontdesk';
  const SIZE = KEY + '.size';
  const GREETED = KEY + '.greeted';
  /** Below these sizes the panel takes the whole screen. */
  const PHONE = '(max-width:480px),(max-height:440px)';
  /** Page views are sent together when they come this close to each other. */
  const TOGETHER_MS = 1000;
  /** So many at once are less than the 64 KiB that browsers send of a page that is left, however long their titles are. */
  const MAX_IN_REPORT = 10;
  const GREETING_S = 5;
  const FORGET_MS = 1000;
  /** So long it may take until it listens. */
  const LOAD_MS = 10000;
  /** So long a silence ends a session, as in embed.js. */
  const SESSION_ENDS_AFTER_MS = 30 * 60 * 1000;
  /** The panel's size as it is and, after a double click, when there is much to read. In px. */
  const USUAL = [392, 680];
  const LARGE = [560, 880];
  const SMALLEST = [320, 360];
  const LARGEST = [900, 1200];
  const STEP = 20;

  /** The chat's iframe, once its panel is drawn; whether it has said that it listens, and may know who the visitor is. */
  let frame;
  let ready;
  let touched;
  let unread;
  /** The frame wants to know whether the page is light or dark. */
  let asked;
  let grip;
  /** What is said on the page: in English until the chat says it in its language. */
  let words = {
    title: 'Chat',
    open: 'Open chat',
    close: 'Close chat',
    unread: '1 unread message',
    unreads: '{0} unread messages',
    resize: 'Resize chat',
    dismiss: 'Dismiss',
  };
  /** Whom the frame knows, and whether a chat of theirs goes on. */
  let named;
  let began;
  /** The ids of the pages that the frame knows of; and when the last of those was opened that a plain form has taken along. */
  let told = [];
  let until;
  /** Where the focus was when the panel opened. */
  let returnTo;
  /** The keyboard has come to this page, and not gone to another or to a frame since. */
  let keyboard;

  // ------------------------------------------------------------------------------------------------------- the look

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    // Each rule is a string of its own, for the minifier.
    '.box{font:12px/20px system-ui;color-scheme:light dark;--w:392px;--h:680px}' +
    '.light{color-scheme:light}.dark{color-scheme:dark}' +
    'button:hover{transform:scale(1.06)}' +
    '.open>button>svg{transform:rotate(45deg)}' +
    // The words after the number are on lines of their own, out of sight.
    'output{position:absolute;right:-4px;bottom:44px;width:20px;height:20px;border:2px solid #fff;border-radius:50%;' +
    'color:#fff;background:#dc2626;overflow:hidden;text-align:center;pointer-events:none}' +
    '.open output,output:empty,p:empty{opacity:0}' +
    // The ring shows where the shadow does not: on dark pages.
    'section,p{position:absolute;right:0;bottom:76px;box-shadow:0 0 0 1px #8884,0 2px 8px #0003,0 8px 32px #0003;background:Canvas;' +
    'color:CanvasText;border-radius:16px}' +
    '.left section,.left p{right:auto;left:0}' +
    'section{width:min(var(--w),100vw - 40px);height:min(var(--h),100vh - 120px)}' +
    'iframe{display:block;width:100%;height:100%;border:0;border-radius:inherit}' +
    // In the corner that moves.
    '.grip{position:absolute;left:0;top:0;padding:0;width:24px;height:24px;border:0;border-radius:16px 0 4px;' +
    'background:none;box-shadow:none;cursor:nwse-resize;touch-action:none}' +
    '.left .grip{left:auto;right:0;border-radius:0 16px 0 4px;cursor:nesw-resize}' +
    '.grip:hover{transform:none}' +
    '.grip:hover,.grip:focus-visible{background:linear-gradient(135deg,#8888 50%,#0000 50%)}' +
    '.left .grip:hover,.left .grip:focus-visible{background:linear-gradient(-135deg,#8888 50%,#0000 50%)}' +
    '.drag iframe{pointer-events:none}' +
    // Above the launcher.
    'p{display:flex;width:max-content;margin:0;max-width:min(300px,100vw - 40px);font:15px/21px system-ui}' +
    'p button{padding:14px 8px 14px 16px;border:0;border-radius:16px;background:none;color:inherit;box-shadow:none;' +
    'font:inherit;overflow-wrap:anywhere}' +
    'p button+button{flex:none;padding:14px 14px 14px 6px}' +
    'p button:hover{transform:none;text-decoration:underline}' +
    '@media(prefers-reduced-motion:no-preference){button,svg{transition:transform .2s}' +
    // Not before there is something to be seen that moves.
    '.ready section{transition:opacity .2s,transform .2s,visibility .2s}' +
    'p:not(:empty){animation:.3s rise}@keyframes rise{from{opacity:0;transform:translateY(12px)}}}' +
    '.box:not(.open) section{opacity:0;visibility:hidden;transform:translateY(20px)}' +
    // Visible at once, as the focus goes in.
    '.open section{transition-property:opacity,transform}' +
    // Phones: the whole screen that the keyboard leaves. The frame has its own close button; ours is there until the
    // frame is ready.
    `@media ${PHONE}{section,.left section{position:fixed;inset:var(--top,0) 0 auto;width:100%;height:var(--height,100%);` +
    // A frame does not know of the notch itself.
    'box-sizing:border-box;border:solid Canvas;border-width:env(safe-area-inset-top) env(safe-area-inset-right) ' +
    'env(safe-area-inset-bottom) env(safe-area-inset-left);border-radius:0}.grip{display:none}' +
    '.open>button{position:fixed;inset:max(8px,env(safe-area-inset-top)) 8px auto auto;z-index:1;padding:8px}' +
    '.ready.open>button{display:none}}' +
    '@media(forced-colors:active){section,p:not(:empty){border:1px solid}}',
  );
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];

  /** Of the page itself: what is behind a full screen does not scroll. */
  const still = new CSSStyleSheet();
  still.replaceSync('html,body{overflow:hidden!important;overscroll-behavior:none!important}');

  // An output is a status: what changes is read out.
  const badge = make(box, 'output');
  const phone = matchMedia(PHONE);
  const setStyle = (name, value) => (value ? box.style.setProperty(name, value) : box.style.removeProperty(name));

  /** Takes words, and the colour of the site where the page says none. */
  const learn = (told) => {
    words = { ...words, ...told.words };
    if (!options.color && CSS.supports('color', told.color)) setStyle('--color', told.color);
    draw();
  };

  /** `light`, `dark`, or nothing: as the visitor's system. */
  let theme;
  /** How light a colour is, of 1, as the browser writes computed ones; nothing where one sees through it. */
  const lightness = (color) => {
    const [a, b, c, alpha = 1] = color.split(/[\s,/()]+/).map(parseFloat).filter((number) => number >= 0 || number < 0);
    if (!(alpha > 0.5)) return;
    // Lab and the like begin with it.
    if (/^(ok)?l/.test(color)) return color[0] === 'o' ? a : a / 100;
    return (0.2126 * a + 0.7152 * b + 0.0722 * c) / (/^rgb/.test(color) ? 255 : 1);
  };
  /** Light or dark as the page is: it says so, or one sees it. */
  const seen = () => {
    const { body, documentElement } = document;
    const scheme = getComputedStyle(documentElement).colorScheme;
    if (/^(light|dark)$/.test(scheme)) return scheme;
    const [light] = [body, documentElement].map((node) => lightness(getComputedStyle(node).backgroundColor)).filter((found) => found >= 0);
    // Where nobody paints, the browser does: by the visitor's system if the page can bear both.
    if (light === undefined) return /dark/.test(scheme) ? undefined : 'light';
    return light < 0.5 ? 'dark' : 'light';
  };
  /** Looks at the page again. The frame is told when it asks, and when something has changed. */
  const look = () => {
    const before = theme;
    theme = options.theme === 'page' ? attempt(seen) : options.theme;
    if (theme !== before && options.theme === 'page') showTheme();
  };
  const showTheme = () => asked && host.isConnected && my.frame.contentWindow.postMessage({ frontdesk: 1, type: 'theme', theme }, HOST);

  /** Shows the state; changes nothing else. */
  const draw = (my.draw = () => {
    const { opened, text } = my;
    box.className = ['box', options.position === 'left' && 'left', /^(light|dark)$/.test(theme) && theme,
      opened && 'open', ready && 'ready'].filter(Boolean).join(' ');
    // Where the page hides the launcher there still is a way out of the panel.
    box.hidden = my.hidden && !opened;
    button.setAttribute('aria-label', (opened ? words.close : words.open) + (text ? ': ' + text : ''));
    if (grip) grip.setAttribute('aria-label', words.resize);
    if (frame) frame.title = words.title;
    button.setAttribute('aria-expanded', Boolean(opened));
    button.toggleAttribute('aria-busy', false);
    // A plus, which the style turns into a cross; a speech bubble.
    my.shape.setAttribute('d', opened ? 'M3 13h22v2H3zM13 3h2v22h-2z' : my.bubble);
    // The title is what describes the button.
    button.title = badge.textContent = unread ? (unread > 1 ? words.unreads.replace('{0}', number()) : words.unread) : '';
    title();
    fill();
  });

  const number = () => (unread > 9 ? '9+' : unread);

  /** The number of unread messages before the page's title, which the page may have changed since. */
  const title = () => {
    const prefix = unread ? `(${number()}) ` : '';
    if (prefix === my.prefix) return;
    const bare = document.title.startsWith(my.prefix) ? document.title.slice(my.prefix.length) : document.title;
    my.prefix = prefix;
    document.title = prefix + bare;
  };

  /** On a phone: the part of the screen that the keyboard leaves is the panel's, and the page behind it stands still. */
  const fill = () => {
    const full = my.opened && phone.matches;
    const others = (document.adoptedStyleSheets || []).filter((other) => other !== still);
    if (full || others.length < (document.adoptedStyleSheets || []).length) {
      document.adoptedStyleSheets = full ? [...others, still] : others;
    }
    const view = window.visualViewport;
    // Who has zoomed in looks at a part of the panel, and it stays as large as it is.
    const fits = full && view && Math.abs(view.scale - 1) < 0.01;
    setStyle('--top', fits && view.offsetTop + 'px');
    setStyle('--height', fits && view.height + 'px');
  };

  // ------------------------------------------------------------------------------------------------------ the frame

  /** It loads, and will say anew when it listens. */
  my.pointed = () => {
    asked = ready = over = false;
    until = undefined;
  };

  /** Draws the panel around the frame. */
  const mount = () => {
    my.mount();
    if (frame) return;
    frame = my.frame;
    const panel = frame.parentNode;
    panel.hidden = false;
    resizable(panel);
  };

  const tell = (type, body) => {
    if (ready && host.isConnected) frame.contentWindow.postMessage({ frontdesk: 1, type, ...body }, HOST);
  };

  const isToken = (text) => /^[\w-]{43}$/.test(text);
  /** The first touch makes the visitor's token: 32 random bytes as base64url, 43 characters. */
  const touch = () => {
    touched = true;
    my.settle();
    my.update((visit) => {
      // Whoever comes back after a long silence begins a session, on the page that they see.
      const at = Date.now();
      if (my.see && visit.session && at - visit.session.last > SESSION_ENDS_AFTER_MS) my.see(visit, (my.here = { ...my.here, at }));
      if (!isToken(visit.token)) {
        visit.token = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
          .replace(/\+/g, '-').replace(/\//g, '_').slice(0, 43);
      }
    });
  };

  /** All that the frame needs to know of this page; not before the visitor has touched the chat. */
  const introduce = (my.introduce = () => {
    if (!ready || !(touched || my.visit.chat)) return;
    touch();
    if (named && named !== my.visit.token) {
      // A consent that came late has brought back who was here before, while the frame knows somebody else. Where a chat
      // of theirs goes on the frame begins anew, as theirs; else they are who they are here.
      if (my.visit.chat && !began) {
        named = undefined;
        my.pointed();
        frame.src += '';
        return;
      }
      my.update((visit) => (visit.token = named));
    }
    const { visit, here } = my;
    named = visit.token;
    told = visit.pages.map(({ id }) => id);
    tell('context', {
      token: visit.token,
      open: Boolean(my.opened),
      visit: { first: visit.first || here, session: visit.session || here },
      pages: visit.pages,
      page: here,
      consented: my.consented,
      ...my.told,
    });
    tell('notify', { state: notifying() });
  });

  /** A frame that nobody shall see again: it goes when it has forgotten the visitor, or has not answered in time. */
  const dismiss = (old) => {
    const panel = old.parentNode;
    panel.hidden = true;
    old.title = '';
    const ask = () => old.contentWindow.postMessage({ frontdesk: 1, type: 'forget' }, HOST);
    const hear = ({ source, origin, data }) => {
      if (source !== old.contentWindow || origin !== HOST || !data || data.frontdesk !== 1) return;
      if (data.type === 'ready') ask();
      if (data.type === 'forgotten') gone();
    };
    const gone = () => {
      panel.remove();
      removeEventListener('message', hear);
    };
    addEventListener('message', hear);
    if (ready && host.isConnected) ask();
    // One that still loads says first that it listens.
    setTimeout(gone, ready ? FORGET_MS : LOAD_MS);
  };

  /**
   * Opens or closes the panel. `mine` when the visitor does it on the launcher or in the frame, and not the page by its
   * own code; `quietly` when nobody asked for it on this page.
   */
  const turn = (my.turn = (open, mine, quietly) => {
    if (Boolean(my.opened) === open) return;
    const focused = document.activeElement;
    if (open) {
      const known = touched && my.here;
      touch();
      mount();
      returnTo = focused;
      my.opened = open;
      if (known !== my.here) introduce();
      greeted();
      look();
    }
    my.opened = open;
    draw();
    // So that it is still open on the next page of this tab.
    attempt(() => (open && my.consented ? (sessionStorage[KEY] = 1) : delete sessionStorage[KEY]));
    if (open) quietly || frame.focus();
    else if (focused === host) (my.hidden ? returnTo : button).focus();
    enter(open, mine);
    tell('visible', { open });
    my.emit(open ? 'open' : 'close');
  });
  const close = () => turn(false, true);

  /** What the frame may say, by type. */
  const heard = {
    ready(told) {
      ready = true;
      // While its page came the browser may have taken the keyboard from the frame back to this page, though the frame still
      // has the focus: what the visitor types would go nowhere.
      if (keyboard && root.activeElement === frame) {
        frame.blur();
        frame.focus();
      }
      learn(told);
      introduce();
    },
    close,
    /** It comes before anything else, and from each page of the frame. */
    look() {
      asked = true;
      showTheme();
    },
    /** A plain form was posted before we could say who this is: the chat is of the visitor with that token. */
    token({ token }) {
      if (isToken(token)) my.update((visit) => (visit.token = token));
    },
    /** A plain form leaves, and the answer is another page of the frame. */
    posted({ at }) {
      until = at;
    },
    /** Something lies over the chat, or not any more. */
    over({ open }) {
      over = open === true;
    },
    chat({ open, at = until }) {
      let begins;
      began = open === true;
      my.update((visit) => {
        const goesOn = open === true || undefined;
        begins = goesOn && !visit.chat;
        // The start has taken along what the frame had been told of until then. What came meanwhile, also in other tabs, follows.
        if (begins) visit.pages.forEach((page) => told.includes(page.id) && !(page.at > at) && (page.sent = 1));
        visit.chat = goesOn;
      });
      // Whom agents see on the page is who chats with them.
      if (begins && my.live && my.consented) report(false, true);
      else reportSoon();
    },
    unread({ count }) {
      if (!(count >= 0)) return;
      unread = count;
      draw();
      my.emit('unread', count);
    },
    notify: (wish) => notify(wish),
    event({ name, data }) {
      if (name === 'message') inform(data);
      my.emit(name, data);
    },
  };

  // ------------------------------------------------------------------------------------------------ the back button

  /** Where our entry of the page's history was made, while it is the current one; and: we leave it. */
  let pushed;
  let leaving;
  /** Something lies over the chat in the frame, such as a picture: going back closes only that. */
  let over;

  const marked = () => (history.state || {})[KEY];
  const place = () => my.here.id + location.href;
  /** By the functions of the browser, not by what a router has put in their place: it need not know of our entry. */
  const write = (how, state) => attempt(() => History.prototype[how].call(history, state, ''));

  /** On a phone the open panel is an entry of the history, with the state that the page's router has there. */
  const enter = (open, mine) => {
    const { state } = history;
    if (open && phone.matches && typeof state === 'object') {
      if (!marked()) write('pushState', { ...state, [KEY]: 1 });
      pushed = marked() && place();
    } else if (!open && pushed) {
      pushed = undefined;
      if (!marked()) return;
      if (mine) {
        leaving = true;
        history.back();
      } else {
        // The page that closes the panel may be on its way elsewhere. Going back would undo that: the entry stays.
        const { [KEY]: _, ...rest } = state;
        write('replaceState', rest);
      }
    }
  };

  /** A router that listens since later than embed.js sees nothing of our entry; others see their own state again. */
  my.popped = (event) => {
    if (!leaving && !pushed) return;
    const ours = leaving || pushed === place();
    if (ours) event.stopImmediatePropagation();
    if (!leaving && marked()) return;
    if (ours && over) {
      // Once: a frame that does not answer holds nobody. Our entry stays, as another one could not be made by now.
      over = false;
      tell('back');
      return history.forward();
    }
    leaving = pushed = undefined;
    close();
  };

  // --------------------------------------------------------------------------------------------------- the page views

  let timer;
  /** The ids of those that are on their way. */
  let going = [];

  /** The page views of which the server has not said yet that it has them, the oldest first. */
  const unsent = () => {
    my.load();
    const { chat, pages } = my.visit;
    return chat || my.live ? pages.filter(({ id, sent }) => !sent && !going.includes(id)).slice(0, MAX_IN_REPORT) : [];
  };

  /**
   * Tells the server of page views. It notes each once, however often it comes, so what had no answer comes again: with
   * the next page, or when the browser is on line or seen again. A page that is left cannot wait for the answer.
   * `anyway` also of none: who this is.
   */
  const report = (leaves, anyway) => {
    timer = clearTimeout(timer);
    const found = unsent();
    if (!anyway && (!found[0] || (going[0] && !leaves))) return;
    if (my.live && !my.visit.live) my.update((visit) => (visit.live = visit.live || my.uuid()));
    const { token, chat, live } = my.visit;
    const url = HOST + '/api/visitor/page-views';
    const pages = found.map(({ sent, ...page }) => page);
    const body = JSON.stringify({ token: chat && token, live, site: options.site, pages });
    if (leaves && navigator.sendBeacon && navigator.sendBeacon(url, body)) return;
    const ids = pages.map(({ id }) => id);
    going = [...going, ...ids];
    fetch(url, { method: 'POST', body, keepalive: true, credentials: 'omit' })
      // What was refused for good is not asked again.
      .then(({ status }) => status < 429, () => false)
      .then((done) => {
        going = going.filter((id) => !ids.includes(id));
        if (done) my.update((visit) => visit.pages.forEach((page) => ids.includes(page.id) && (page.sent = 1)));
        if (done) report();
      });
  };
  const reportSoon = () => {
    if (unsent()[0]) timer = timer || setTimeout(report, TOGETHER_MS);
  };
  const reportNow = () => timer && report(true);

  my.page = (page) => {
    told.push(page.id);
    tell('page', { page });
    reportSoon();
  };

  // ------------------------------------------------------------------------------------------------------- the size

  let size = USUAL;

  /** The panel is so large, as far as there is room; in this tab, until it is closed. */
  const resize = ([width, height]) => {
    const within = (value, i) => Math.round(Math.min(Math.max(value, SMALLEST[i]), LARGEST[i], i ? innerHeight - 120 : innerWidth - 40));
    size = [within(width, 0), within(height, 1)];
    setStyle('--w', size[0] + 'px');
    setStyle('--h', size[1] + 'px');
  };
  const keep = () => attempt(() => my.consented && (sessionStorage[SIZE] = JSON.stringify(size)));

  /** The corner by which the panel is made larger: by mouse, by double click, by arrow keys. */
  const resizable = (panel) => {
    const kept = attempt(() => JSON.parse(sessionStorage[SIZE]));
    if (Array.isArray(kept) && kept[0] > 0 && kept[1] > 0) resize(kept);
    const side = options.position === 'left' ? -1 : 1;
    grip = make(panel, 'button');
    grip.className = 'grip';
    let from;
    grip.onpointerdown = (event) => {
      grip.setPointerCapture(event.pointerId);
      from = [event.clientX, event.clientY, ...size];
      box.classList.add('drag');
    };
    grip.onpointermove = ({ clientX, clientY }) => {
      if (from) resize([from[2] + side * (from[0] - clientX), from[3] + from[1] - clientY]);
    };
    grip.onlostpointercapture = () => {
      from = undefined;
      box.classList.remove('drag');
      keep();
    };
    grip.ondblclick = () => {
      resize(size[0] === USUAL[0] ? LARGE : USUAL);
      keep();
    };
    grip.onkeydown = (event) => {
      const { ArrowLeft, ArrowRight, ArrowUp, ArrowDown, [event.key]: step } =
        { ArrowLeft: [side, 0], ArrowRight: [-side, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      if (!step) return;
      event.preventDefault();
      resize([size[0] + step[0] * STEP, size[1] + step[1] * STEP]);
      keep();
    };
  };

  // --------------------------------------------------------------------------------------------------- the greeting

  /** Its place is there before it is, or few screen readers would read it out. */
  const bubble = make(box, 'p');
  bubble.setAttribute('role', 'status');

  /** It was answered or dismissed. */
  const greeted = () => {
    if (!bubble.firstChild) return;
    bubble.textContent = '';
    attempt(() => my.consented && (sessionStorage[GREETED] = 1));
  };

  const mayGreet = () => !(bubble.firstChild || my.opened || my.hidden || attempt(() => sessionStorage[GREETED]));

  /** A sentence above the launcher that opens the chat, once in a tab, when somebody is there to answer. */
  const greet = async () => {
    if (!mayGreet()) return;
    const asked = fetch(HOST + '/api/visitor/available?' + new URLSearchParams({
      site: options.site || '',
      lang: [options.lang, document.documentElement.lang],
    }), { credentials: 'omit' });
    const answer = await asked.then((answer) => answer.json()).catch(() => ({}));
    if (!answer.available || !mayGreet()) return;
    learn(answer);
    const say = make(bubble, 'button');
    say.dir = 'auto';
    say.textContent = options.greeting;
    say.onclick = () => turn(true, true);
    const dismiss = make(bubble, 'button');
    // In ASCII: pages may be in any encoding.
    dismiss.textContent = '\u00d7';
    dismiss.setAttribute('aria-label', words.dismiss);
    dismiss.onclick = greeted;
  };

  // ----------------------------------------------------------------------------------------------- the notifications

  /** The browser knows them, but shows none for pages: those of phones. */
  let unable;
  const show = (title, more) => attempt(() => new Notification(title, more));

  /** Whether the visitor is told of messages while they look elsewhere. */
  const notifying = () => {
    const permission = (window.Notification || {}).permission;
    if (!permission || unable) return 'unavailable';
    my.load();
    return permission === 'denied' ? permission : permission === 'granted' && my.visit.notify ? 'on' : 'off';
  };

  /** The visitor wishes it, or does not any more. Only now the browser asks them, and only if it has not before. */
  const notify = async ({ on }) => {
    const { Notification } = window;
    // Without a permission none is shown, and where none can be shown this throws.
    if (on && Notification && Notification.permission === 'default') unable = !show('');
    if (on && !unable) await Promise.resolve(attempt(() => Notification.requestPermission())).catch(() => {});
    my.update((visit) => (visit.notify = on === true && !unable ? 1 : undefined));
    tell('notify', { state: notifying() });
  };

  /** An agent has written. */
  const inform = ({ text, by }) => {
    if (!document.hidden || notifying() !== 'on') return;
    // One takes the place of another, also that of another tab.
    const shown = show(by, { body: [...text].slice(0, 120).join(''), tag: KEY });
    if (!shown) {
      unable = true;
      return tell('notify', { state: notifying() });
    }
    shown.onclick = () => {
      window.focus();
      shown.close();
      turn(true, true);
    };
  };

  // ----------------------------------------------------------------------------------------------------- the start

  my.drop = () => {
    if (my.frame) dismiss(my.frame);
    my.frame = frame = asked = ready = over = touched = unread = named = began = undefined;
    timer = clearTimeout(timer);
    bubble.textContent = '';
    attempt(() => delete sessionStorage[SIZE] && delete sessionStorage[GREETED]);
  };

  my.begin = () => {
    my.load();
    if (my.frame || my.visit.chat) mount();
    if (my.consented && attempt(() => sessionStorage[KEY])) turn(true, false, true);
    reportSoon();
  };

  box.onkeydown = ({ key }) => {
    if (key === 'Escape') my.opened ? close() : greeted();
  };
  /** What the frame says, if it is still ours: anything may have been loaded into it. */
  my.hear = ({ origin, data }) => {
    const ours = origin === HOST && data && data.frontdesk === 1;
    if (ours && heard[data.type]) heard[data.type](data);
  };
  addEventListener('focus', () => (keyboard = true));
  addEventListener('blur', () => (keyboard = false));
  addEventListener('pagehide', reportNow);
  document.addEventListener('visibilitychange', () => (document.hidden ? reportNow() : reportSoon()));
  addEventListener('online', reportSoon);
  phone.addEventListener('change', draw);
  if (window.visualViewport) {
    visualViewport.addEventListener('resize', fill);
    visualViewport.addEventListener('scroll', fill);
  }

  const wanted = my.opened;
  my.opened = false;
  look();
  draw();
  // The visitor was to be forgotten before this was here.
  if (my.frame && my.forgets) {
    my.early.forEach(my.hear);
    my.early = [];
    my.drop();
  }
  my.begin();
  my.early.forEach(my.hear);
  if (wanted) turn(true, true);
  if (options.greeting) setTimeout(greet, (options.greetingDelay || GREETING_S) * 1000);
})();
