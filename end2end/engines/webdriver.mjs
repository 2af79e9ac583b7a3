// Firefox and WebKit by W3C WebDriver: the same few requests for both, so no library is needed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** How long anything may take. The machine may be slow and busy; nobody waits longer than it takes. */
export const DEADLINE_MS = 30_000;
const BETWEEN_LOOKS_MS = 50;

/** Keys that are no letters. */
export const ENTER = '\uE007';

/** What WebDriver says of a page that changes while we look at it. */
const NOT_YET = [
  'no such element', 'stale element reference', 'no such shadow root', 'detached shadow root', 'no such frame',
  'element not interactable', 'element click intercepted',
];

/** Elements among which those with a role are. */
const CANDIDATES = {
  alertdialog: '[role="alertdialog"]',
  article: 'article',
  button: 'button',
  heading: 'h1, h2',
  image: '[role="img"], img',
  log: '[role="log"]',
  // It has no role, so it counts as one of its own.
  password: 'input[type="password"]',
  status: '[role="status"]',
  switch: '[role="switch"]',
  textbox: 'input, textarea, [role="textbox"]',
};

/** Programs in the background, each the first of a group of its own, and folders for what they keep. */
const programs = [];
const folders = [];

/** Ends the programs, with all that they have started, and removes what they kept. */
export function endAll() {
  for (const { pid } of programs.splice(0)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  // They may still be about to end.
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

process.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until there is an answer, and returns it. */
export async function until(what, ask) {
  const deadline = Date.now() + DEADLINE_MS;
  let trouble = '';
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer;
      trouble = '';
    } catch (error) {
      if (!NOT_YET.includes(error.code)) throw error;
      trouble = ` The last trouble: ${error.message}`;
    }
    await pause(BETWEEN_LOOKS_MS);
  }
  throw new Error(`Waited in vain: ${what}.${trouble}`);
}

/** A free port of this machine. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A folder of its own for something that is started. */
export function newFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'frontdesk-engines-'));
  folders.push(folder);
  return folder;
}

/** Starts a program; `written` is what it says. */
export async function run(program, args, env, stdio = ['ignore', 'pipe', 'pipe']) {
  const started = spawn(program, args, { env, stdio, detached: true });
  started.written = '';
  for (const stream of started.stdio.slice(1)) {
    stream?.setEncoding('utf8').on('data', (text) => (started.written += text));
  }
  await once(started, 'spawn');
  programs.push(started);
  return started;
}

/** A screen in memory; its name. */
async function startScreen(env) {
  const args = ['-displayfd', '3', '-screen', '0', '1280x1600x24', '-nolisten', 'tcp'];
  const screen = await run('Xvfb', args, env, ['ignore', 'ignore', 'ignore', 'pipe']);
  return until('Xvfb names its screen', () => {
    if (screen.exitCode !== null) throw new Error('Xvfb does not run.');
    return /^\d+\n/.test(screen.written) && `:${screen.written.trim()}`;
  });
}

/** How each engine is started. */
const ENGINES = {
  firefox: {
    driver: 'geckodriver',
    options: (port) => ['--port', port, '--websocket-port', 0],
    capabilities: { 'moz:firefoxOptions': { args: ['-headless'] } },
  },
  webkit: {
    driver: 'WebKitWebDriver',
    options: (port) => [`--port=${port}`],
    capabilities: {},
    // It draws on a screen or not at all.
    screen: true,
  },
};

/** Where elements are looked for: a page or the frame that is entered, an element, a shadow root. */
class Place {
  constructor(browser, at) {
    this.browser = browser;
    this.at = at;
  }

  /** What is there by CSS, with whatever it has to be. */
  async all(css) {
    const found = await this.browser.ask('POST', `${this.at}/elements`, { using: 'css selector', value: css });
    return found.map((reference) => new Element(this.browser, reference));
  }

  /**
   * What is shown there with this role and, if one is given, this name (a text or a pattern), both as the browser
   * itself tells them to screen readers.
   */
  async allByRole(role, name) {
    const found = [];
    for (const element of await this.all(CANDIDATES[role])) {
      if (await element.is(role, name)) found.push(element);
    }
    return found;
  }

  /** The first of them, or nothing. */
  async byRole(role, name) {
    return (await this.allByRole(role, name))[0];
  }
}

class Element extends Place {
  constructor(browser, reference) {
    super(browser, `/element/${Object.values(reference)[0]}`);
    this.reference = reference;
  }

  get(what) {
    return this.browser.ask('GET', `${this.at}/${what}`);
  }

  async is(role, name) {
    // First: asked for the name of what is not drawn, WebKit fails.
    if (!(await this.get('displayed'))) return false;
    const label = await this.get('computedlabel');
    if (name && !(name instanceof RegExp ? name.test(label) : name === label)) return false;
    return role === 'password' || (await this.get('computedrole')) === role;
  }

  text() {
    return this.get('text');
  }

  property(name) {
    return this.get(`property/${name}`);
  }

  async shadow() {
    return new Place(this.browser, `/shadow/${Object.values(await this.get('shadow'))[0]}`);
  }

  click() {
    return this.browser.ask('POST', `${this.at}/click`, {});
  }

  /** Types into it; of a file picker: picks the file with this path. */
  type(text) {
    return this.browser.ask('POST', `${this.at}/value`, { text });
  }
}

/** One person's browser, with a profile, and where it needs one a screen, of its own. */
export class Browser extends Place {
  #session;

  static async start(engine) {
    const { driver, options, capabilities, screen } = ENGINES[engine];
    const browser = new Browser(undefined, '');
    browser.browser = browser;
    browser.home = newFolder();
    // Nothing of the caller's settings reaches it.
    const env = { PATH: process.env.PATH, HOME: browser.home, TMPDIR: browser.home, LC_ALL: 'C.UTF-8' };
    if (screen) env.DISPLAY = await startScreen(env);
    const port = await freePort();
    const program = await run(driver, options(port), env);
    const url = `http://127.0.0.1:${port}`;
    await until(`${driver} answers`, async () => {
      if (program.exitCode !== null) throw new Error(`${driver} does not run: ${program.written}`);
      return fetch(`${url}/status`).then((answer) => answer.ok, () => false);
    });
    browser.#session = `${url}/session`;
    const { sessionId } = await browser.ask('POST', '', { capabilities: { alwaysMatch: capabilities } });
    browser.#session += `/${sessionId}`;
    // So tall that nothing has to be scrolled.
    await browser.grow(1600);
    return browser;
  }

  /** One request of the protocol. */
  async ask(method, at, body) {
    const answer = await fetch(this.#session + at, {
      method,
      body: body && JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(2 * DEADLINE_MS),
    });
    const { value } = await answer.json();
    if (answer.ok) return value;
    throw Object.assign(new Error(`${method} ${at}: ${value.error}: ${value.message}`), { code: value.error });
  }

  /** Makes the window so many pixels high. */
  grow(height) {
    return this.ask('POST', '/window/rect', { x: 0, y: 0, width: 1280, height });
  }

  go(url) {
    return this.ask('POST', '/url', { url });
  }

  reload() {
    return this.ask('POST', '/refresh', {});
  }

  address() {
    return this.ask('GET', '/url');
  }

  /** From now on looks are into this frame; without one, onto the page. */
  enter(frame) {
    return this.ask('POST', '/frame', { id: frame?.reference ?? null });
  }
}
