// Beside the widget's code, and in place of it where that cannot run: talks to the page around the frame, so that what is
// posted by a plain form is of the visitor whom the loader knows. docs/architecture.md, "Without WASM", tells why.
import { attempt, forgetPosted, keepTyped } from './typed.js';

/** How long a chat that goes on waits for the widget's code, before it is offered without. */
const OFFER_AFTER_MS = 6000;
/** Characters of what is told of the visit: coded in a form they become many more, and the server takes 256 KiB. */
const MAX_VISIT = 16_000;
const KEY = 'frontdesk.token';
/** Where a window of its own keeps what it was handed by the page that opened it: src/widget/window.rs. */
const HANDED = 'frontdesk.context';
/** What the widget's code keeps: src/widget/session/forget.rs. */
const KEPT = /^frontdesk\.(draft\.|outbox\.v|waits\.|muted|notify|token)/;

const params = new URLSearchParams(location.search);
const origin = params.get('origin') || '';
const isFramed = parent !== window && /^https?:/.test(origin);
const main = document.querySelector('main');
/** Which plain page this is; nothing on the page that the widget's code takes over. */
const { plain, event, takeover } = main.dataset;

const tell = (type, body) => isFramed && parent.postMessage({ frontdesk: 1, type, ...body }, origin);
const fill = (name, value) => document.querySelectorAll(`input[name="${name}"]`).forEach((field) => (field.value = value));
const tokenHere = () => document.querySelector('input[name="token"]')?.value;
/** The widget's code runs: from then on it does all of this. Or it cannot. */
let started = false;
let failed = false;

/** A plain page was quicker than the widget's code: back to that, which finds the chat by the token. */
const takeOver = () => {
  if (!takeover) return;
  params.set('resume', '1');
  location.replace(`/widget?${params}`);
};

/** The token that the visitor is known by outside of this page. */
let known;
const identify = (token) => {
  known = token;
  // On a page with a chat the form's own token counts, because the chat is that visitor's.
  if (!plain || plain === 'form') fill('token', token);
  if (failed) showPlainly();
};

/** What a form takes along: what is told of the visit, and of the visitor. */
let carried;
const carry = (more) => {
  carried = { ...carried, ...more };
  const { visit } = carried;
  while (JSON.stringify(visit).length > MAX_VISIT && visit.pages.length) visit.pages = visit.pages.slice(1);
  fill('visit', JSON.stringify(carried));
};
/** Whose it is what is typed here: on the answer to a post that of the visitor who posted it. */
const owner = () => ((plain && plain !== 'form') || document.querySelector('input[name="chat"]') ? tokenHere() : known);

const heard = {
  context({ token, consented, visit, pages = [], page, identity, data }) {
    if (!/^[\w-]{43}$/.test(token)) return;
    identify(token);
    keepTyped(consented === false ? undefined : owner());
    const remembered = { ...visit, pages, language: navigator.language };
    const proof = identity && typeof identity.token === 'string' ? identity.token : undefined;
    carry({ visit: remembered, page, introduction: { token: proof, data } });
    if (plain !== 'talk') return;
    const own = tokenHere();
    if (own && own !== token) tell('token', { token: own });
    takeOver();
  },
  /** The visitor has come to another page. */
  page({ page }) {
    if (carried) carry({ page, visit: { ...carried.visit, pages: [...carried.visit.pages, page] } });
  },
  forget() {
    keepTyped();
    forgetPosted();
    attempt(() => Object.keys(localStorage).filter((key) => KEPT.test(key)).forEach((key) => localStorage.removeItem(key)));
    tell('forgotten');
  },
};

/** On a page without a form, because a chat goes on: asks for that chat as a plain page. */
const showPlainly = () => {
  if (!known || document.querySelector('form')) return;
  const form = document.createElement('form');
  form.method = 'post';
  for (const [name, value] of Object.entries({ token: known, stays: '1', do: 'show' })) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
};

/** The token of the visitor whose window this is. */
const handed = () => attempt(() => JSON.parse(sessionStorage[HANDED] || opener.frontdeskContext).token);

/** What is to be said, in the language of the page. */
const notes = document.getElementById('plain-notes')?.dataset;

/** Says something beside what the server has drawn. */
const note = (where, className, ...what) => {
  const said = document.createElement('p');
  said.className = className;
  said.setAttribute('role', 'status');
  said.append(...what);
  where.prepend(said);
  return said;
};

const offerPlainView = () => {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'linkish', textContent: notes.open, onclick: showPlainly });
  return note(main, 'conn', notes.late + ' ', button);
};

if (plain) {
  if (plain === 'talk' || plain === 'after') tell('chat', { open: plain === 'talk' });
  if (event) tell('event', { name: event, data: { chat: document.querySelector('input[name="chat"]')?.value } });
  tell('unread', { count: 0 });
} else {
  let offer;
  const late = setTimeout(() => {
    if (params.get('resume') === '1') offer = offerPlainView();
  }, OFFER_AFTER_MS);
  addEventListener('frontdesk-started', () => {
    started = true;
    keepTyped();
    clearTimeout(late);
    offer?.remove();
  });
  addEventListener('frontdesk-failed', () => {
    failed = true;
    clearTimeout(late);
    fill('stays', '1');
    const form = document.querySelector('form');
    if (form) note(form, 'alert', notes.simpler);
    else showPlainly();
  });
}

addEventListener('message', ({ source, origin: from, data }) => {
  const ours = !started && isFramed && source === parent && from === origin && data && data.frontdesk === 1;
  if (ours && Object.hasOwn(heard, data.type)) heard[data.type](data);
});

// What the visitor opens from now on is not in the form: the loader reports it.
addEventListener('submit', () => {
  if (started) return;
  tell('posted', { at: Math.max(0, ...(carried ? carried.visit.pages : []).map(({ at }) => at)) });
  // The first question for the time zone takes a browser longer than all else here: not while the form is drawn.
  if (carried) carry({ visit: { ...carried.visit, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone } });
});

/** Closes the panel around the frame, or the window that the widget has opened. */
const closeAll = () => {
  if (started) return;
  if (isFramed) tell('close');
  else if (handed()) window.close();
};
document.querySelectorAll('.head__close').forEach((button) => {
  button.hidden = !isFramed && !handed();
  button.addEventListener('click', closeAll);
});
addEventListener('keydown', (press) => {
  if (press.key === 'Escape') closeAll();
  // As in the widget, Enter sends.
  if (plain === 'talk' && press.key === 'Enter' && !press.shiftKey && !press.isComposing && press.target.id === 'composer') {
    press.preventDefault();
    document.querySelector('.send').click();
  }
});

// Browsers give no focus unasked inside of another website's page. Who wrote here goes on writing.
if (plain && isFramed && document.hasFocus()) document.querySelector('[autofocus]')?.focus();
/** In a page of its own: who that is. */
function identifyAlone() {
  if (plain === 'talk') {
    const token = tokenHere();
    // Where nothing is kept, the widget's code would not find the chat.
    if (token && (token === handed() || attempt(() => (localStorage[KEY] = token)))) takeOver();
  } else if (handed()) {
    identify(handed());
  } else if (!plain || plain === 'form') {
    const token = attempt(() => localStorage[KEY]) || tokenHere();
    attempt(() => token && (localStorage[KEY] = token));
    if (token) identify(token);
  }
}

if (isFramed) {
  tell('ready');
} else {
  identifyAlone();
  keepTyped(owner());
}
