// Starts the client's code, from where this file itself came: one directory per build.
import './look.js';
import init, { hydrate } from './pkg/frontdesk.js';

init({ module_or_path: new URL('./pkg/frontdesk.wasm', import.meta.url) }).then(() => hydrate());
