// Starts the widget's code, from where this file itself came: one directory per build. How that went is told to
// plain.js, which stands in for it.

const tell = (name) => dispatchEvent(new Event(name));

/** What the code says, when it is not said in English: src/ui/words. */
const readTexts = async () => {
  const texts = document.getElementById('texts');
  if (!texts) return;
  const answer = await fetch(texts.href);
  if (!answer.ok) throw new Error(`The texts of the chat were answered with ${answer.status}.`);
  globalThis.frontdeskTexts = await answer.json();
};

/** So long the form is left alone with the processor, and then until the browser is idle, but no longer than this. In ms. */
const ALONE = 150;
const AT_MOST = 250;

/** The form can be used without the code. It comes first: the code would be compiled and started on the same processor. */
const formIsThere = () =>
  new Promise((resolve) => {
    // Safari does not tell when it is idle.
    const whenIdle = window.requestIdleCallback || ((then) => setTimeout(then));
    setTimeout(() => whenIdle(resolve, { timeout: AT_MOST }), ALONE);
  });

const start = async () => {
  // Where a chat goes on there is none, and nothing to wait for.
  if (document.querySelector('form')) await formIsThere();
  const [{ default: init, start_widget }] = await Promise.all([import('../pkg/widget.js'), readTexts()]);
  await init({ module_or_path: new URL('../pkg/widget.wasm', import.meta.url) });
  start_widget();
};

start().then(
  () => tell('frontdesk-started'),
  (error) => {
    console.error(error);
    tell('frontdesk-failed');
  },
);
