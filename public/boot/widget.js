// Starts the widget's code, from where this file itself came: one directory per build. How that went is told to
// plain.js, which stands in for it.

const tell = (name) => dispatchEvent(new Event(name));

import('../pkg/widget.js')
  .then(async ({ default: init, start_widget }) => {
    await init({ module_or_path: new URL('../pkg/widget.wasm', import.meta.url) });
    start_widget();
    tell('frontdesk-started');
  })
  .catch((error) => {
    console.error(error);
    tell('frontdesk-failed');
  });
