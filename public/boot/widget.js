// Starts the widget's code, from where this file itself came: one directory per build.
import init, { start_widget } from '../pkg/widget.js';

init({ module_or_path: new URL('../pkg/widget.wasm', import.meta.url) }).then(() => start_widget());
