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

/** The form can be used without the code. It comes first: the code would be compiled on the same processor. */
const formIsThere = () =>
  new Promise((resolve) => {
    // Safari does not tell when it is idle.
    const whenIdle = window.requestIdleCallback || ((then) => setTimeout(then, 100));
    setTimeout(() => whenIdle(resolve, { timeout: 250 }), 50);
  });

const start = async () => {
  await formIsThere();
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
