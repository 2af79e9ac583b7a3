// What is typed into a plain form, or into one that the widget's code has not taken over yet, outlives a reload. It is kept
// where that code keeps it (src/widget/session/kept.rs, src/ui/draft.rs), which goes on with it when it comes.

/** What was posted last in this tab: [the form's command, whether it was a form of several fields, names of what it carries]. */
const POSTED = 'frontdesk.draft.posted';
const LINES = ['name', 'email', 'message'];

const { plain } = document.querySelector('main').dataset;
const at = (id) => document.getElementById(id);
const hidden = (name) => document.querySelector(`input[type="hidden"][name="${name}"]`)?.value;
const chat = hidden('chat');
/** Name of what the form holds together, and of what stands in a field of its own. */
const whole = chat ? `${chat}.instead` : 'start';
const alone = chat && { composer: chat, comment: `${chat}.comment`, to: `${chat}.to` };
/** What the post of a button carries out. */
const carried = {
  start: [whole],
  leave: [whole, chat],
  send: [chat],
  comment: [`${chat}.comment`],
  transcript: [`${chat}.to`],
  again: [chat, whole, `${chat}.comment`, `${chat}.to`],
};

/** What is kept begins with this; nothing while nothing may be. */
let prefix;

/** What `fn` returns, or nothing where the browser denies it. */
export const attempt = (fn) => {
  try {
    return fn();
  } catch {
    return undefined;
  }
};
const load = (name) => attempt(() => localStorage[prefix + name]) || '';
const save = (name, text) => attempt(() => (text ? (localStorage[prefix + name] = text) : delete localStorage[prefix + name]));
const record = () => attempt(() => JSON.parse(load(whole))) || {};

/** As in src/widget/session/token.rs. */
const fingerprint = (token) => {
  let hash = 0xcbf29ce484222325n;
  for (const char of token) hash = BigInt.asUintN(64, (hash ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
};

const saveWhole = (chosen) => {
  const kept = record();
  const filled = { ...kept.filled, ...chosen };
  for (const id of LINES) filled[id] = at(id).value;
  save(whole, kept.attempt || Object.values(filled).some(Boolean) ? JSON.stringify({ ...kept, filled }) : '');
};

/**
 * The answer to a post has come, for the first time: what was carried out is kept no longer, and what was not is in this
 * page again. When the page is loaded anew, what is kept is newer than what the server gives back.
 */
const settle = () => {
  const posted = attempt(() => JSON.parse(sessionStorage[POSTED]));
  attempt(() => delete sessionStorage[POSTED]);
  const id = hidden('id');
  if (!posted || !id) return false;
  const [before, wasForm, names] = posted;
  if (id !== before || (wasForm && plain !== 'form')) names.forEach((name) => save(name));
  return true;
};

/** What was typed before, and what the server or somebody's fingers have put into the fields since. */
const restoreWhole = (isNews) => {
  const { filled = {} } = record();
  for (const id of LINES) {
    const [now, before] = [at(id).value, filled[id] || ''];
    if (!now || (before && !isNews)) at(id).value = before;
    else if (id === 'message' && before && !now.startsWith(before)) at(id).value = `${before}\n${now}`;
  }
  const choice = filled.department && at('department');
  if (choice && choice.querySelector(`option[value="${Number(filled.department)}"]`)) choice.value = filled.department;
  saveWhole();
};

const restore = () => {
  const isAnswer = Boolean(plain) && settle();
  if (at('message')) restoreWhole(isAnswer || !plain);
  for (const [id, name] of Object.entries(alone || {})) {
    const field = at(id);
    if (!field) continue;
    const isBox = id === 'composer';
    const [before, now] = [load(name), field.value];
    // What was typed before this code came is kept, too, and goes behind what is.
    const isTyped = now && now !== field.defaultValue;
    const hasBoth = isTyped && before && !now.startsWith(before) && field.type === 'textarea';
    if (hasBoth) field.value = `${before}\n${now}`;
    // The box comes back with what stood in it; what was typed beside another button does not.
    else if (!isTyped && !(isBox && isAnswer && now)) field.value = before || now;
    if (isTyped || isBox) save(name, field.value);
  }
  // A page that only carries it along.
  if (chat && hidden('message')) save(chat, hidden('message'));
};

/** It is known whose it is, and that it may be kept. Without a token nothing is from now on. */
export const keepTyped = (token) => {
  const known = token && `frontdesk.draft.v${fingerprint(token)}.`;
  if (known === prefix) return;
  prefix = known;
  if (prefix) restore();
};

export const forgetPosted = () => attempt(() => delete sessionStorage[POSTED]);

for (const kind of ['input', 'change']) {
  addEventListener(kind, ({ target: { id, value } }) => {
    if (!prefix) return;
    if (alone && alone[id]) save(alone[id], value);
    else if (LINES.includes(id)) saveWhole();
    else if (id === 'department') saveWhole({ department: Number(value) });
  });
}
addEventListener('submit', ({ submitter }) => {
  const names = prefix && submitter && carried[submitter.value];
  if (names) attempt(() => (sessionStorage[POSTED] = JSON.stringify([hidden('id'), Boolean(at('message')), names])));
});
