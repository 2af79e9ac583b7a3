// Starts the console's code, from where this file itself came: one directory per build.
import init, { start_console } from '../pkg/console.js';

init({ module_or_path: new URL('../pkg/console.wasm', import.meta.url) }).then(() => start_console());
