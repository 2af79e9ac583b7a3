// Starts the client's code, from where this file itself came: one directory per build. How that went is told to the
// window, for the widget's plain.js.
const tell = (name) => dispatchEvent(new Event(name));

import('./pkg/frontdesk.js')
  .then(({ default: init, hydrate }) =>
    init({ module_or_path: new URL('./pkg/frontdesk.wasm', import.meta.url) }).then(() => hydrate()),
  )
  .then(
    () => tell('frontdesk-started'),
    (error) => {
      console.error(error);
      tell('frontdesk-failed');
    },
  );
