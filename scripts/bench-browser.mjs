// What people feel, measured in real Chromium: what a page with the chat downloads and when it can be used, against an
// empty loader that draws a button and an empty form; what a page loses by the chat of what Lighthouse judges it by; and how
// long a message takes from one screen to the other.
//
//   node scripts/bench-browser.mjs FRONTDESK WORK PART
//
// starts the program FRONTDESK on fresh data in the folder WORK and writes the rows to the file PART.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromiumFlags } from "../end2end/support/chromium.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { chromium } = createRequire(join(root, "end2end/package.json"))("@playwright/test");

/** Visits of each kind; the middle one counts. */
const VISITS = 9;
const MESSAGES = 200;
/** Between two messages. */
const PAUSE_MS = 120;
const KB = 1024;
const [binary, work, part] = process.argv.slice(2);

const env = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const sorted = (values) => [...values].sort((a, b) => a - b);
const percentile = (values, share) => sorted(values)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)];
const middle = (values) => percentile(values, 0.5);
const rounded = (value) => Math.round(value * 100) / 100;

/** The server on a free port. */
async function serve(data) {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  const server = spawn(binary, ["serve", "--addr", `127.0.0.1:${port}`, "--data", data], { env, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    if (await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)) return { server, url };
    await pause(25);
  }
  throw new Error("Frontdesk does not become ready.");
}

/**
 * Another website with the same page twice: at `/` with a script that draws a button, which opens a frame with a form, and
 * nothing else (the floor); at `/ours` with our script. And a page as a customer may have it, with a style sheet, a picture
 * and text: at `/shop` without any chat, at `/shop-ours` with ours.
 */
async function website(url) {
  const page = (script) => `<!doctype html><title>Page</title><script async src="${script}"></script><h1>Page</h1>`;
  const loader = `const button = document.createElement('button');
    button.textContent = 'Open chat';
    button.onclick = () => {
      const frame = document.createElement('iframe');
      frame.src = '/form';
      frame.title = 'Chat';
      document.body.append(frame);
    };
    document.body.append(button);`;
  const form = `<!doctype html><form><label>Message <textarea></textarea></label></form>`;
  const shop = (script) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
    <link rel="stylesheet" href="/shop.css">${script}</head><body><h1>Tents</h1><img src="/tent.svg" width="800" height="500" alt="">
    ${"<p>Light, dry and quick to pitch, for two or for five.</p>".repeat(40)}</body></html>`;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 500"><path d="M0 500 400 20 800 500z"/></svg>`;
  const pages = {
    "/": ["text/html", page("/loader.js")],
    "/ours": ["text/html", page(`${url}/embed.js`)],
    "/loader.js": ["text/javascript", loader],
    "/form": ["text/html", form],
    "/shop": ["text/html", shop("")],
    "/shop-ours": ["text/html", shop(`<script async src="${url}/embed.js"></script>`)],
    "/shop.css": ["text/css", "body { max-width: 60rem; margin: auto; font: 18px/1.5 sans-serif; }"],
    "/tent.svg": ["image/svg+xml", picture],
  };
  const server = createServer(({ url }, answer) => {
    const [type, body] = pages[url] ?? ["text/html", ""];
    answer.writeHead(200, { "Content-Type": type }).end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** One visit with an empty cache: when the launcher was there, the form, and the code behind it. */
async function visit(browser, address, isOurs) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const requests = [];
  page.on("requestfinished", (request) => requests.push(request));
  const launcher = page.getByRole("button", { name: "Open chat" });
  const frame = page.getByTitle("Chat", { exact: true }).contentFrame();
  let began = performance.now();
  await page.goto(address, { waitUntil: "commit" });
  await launcher.waitFor();
  const seen = performance.now() - began;
  await page.waitForLoadState("load");
  const before = [...requests];
  const state = isOurs && page.waitForResponse(/visitor\/state/);
  await page.evaluate(() => addEventListener("click", () => (window.clicked ??= performance.timeOrigin + performance.now()), true));
  began = performance.now();
  await launcher.click();
  await frame.getByRole("textbox", { name: "Message" }).waitFor();
  const usable = performance.now() - began;
  // The same by the browser's own clock: from the click to the first frame with the form.
  const inside = page.frames().find((one) => one !== page.mainFrame());
  const drawn = await inside.evaluate(
    () =>
      new Promise((resolve) => {
        const look = () => {
          const [paint] = performance.getEntriesByName("first-contentful-paint");
          if (paint) resolve(performance.timeOrigin + paint.startTime);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  const painted = drawn - (await page.evaluate(() => window.clicked));
  let live;
  if (isOurs) {
    // Only what the server drew carries the visitor's token.
    await frame.locator('main input[name="token"]').waitFor({ state: "detached" });
    live = performance.now() - began;
    await (await state).finished();
  }
  const path = (request) => new URL(request.url()).pathname;
  const bytes = async (some) => {
    const sizes = await Promise.all(some.map((request) => request.sizes()));
    return sizes.reduce((sum, { responseBodySize }) => sum + Math.max(responseBodySize, 0), 0);
  };
  const ours = (request) => /^\/(embed|widget|assets|api)/.test(path(request));
  const weights = isOurs && {
    before: await bytes(before.filter(ours)),
    form: await bytes(requests.filter((request) => /^\/widget$|widget\.css$|embed-frame/.test(path(request)))),
    all: await bytes(requests.filter(ours)),
  };
  await context.close();
  return { seen, usable, painted, live, weights };
}

/**
 * One visit as Lighthouse makes it, on a slow phone: a quarter of the processor, and a network of 150 ms and 1.6 Mbit/s.
 * First and largest paint and the time for which long tasks block the page, in ms, and the shift of its layout.
 */
async function judged(browser, address) {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 } });
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await tools.send("Network.enable");
  await tools.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 });
  await page.addInitScript(() => {
    const seen = (window.seen = { first: 0, largest: 0, blocked: 0, shift: 0 });
    const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    watch("paint", ({ name, startTime }) => name === "first-contentful-paint" && (seen.first = startTime));
    watch("largest-contentful-paint", ({ startTime }) => (seen.largest = startTime));
    watch("longtask", ({ duration }) => (seen.blocked += duration - 50));
    watch("layout-shift", ({ value }) => (seen.shift += value));
  });
  await page.goto(address, { waitUntil: "load" });
  // What comes after the load counts as well: the launcher, and what it does then.
  await pause(1500);
  const seen = await page.evaluate(() => window.seen);
  await context.close();
  return seen;
}

/**
 * How long messages take from the visitor's key to the agent's screen, by the machine's one clock. Each has a browser of
 * their own: one that shows two pages draws only one of them at once.
 */
async function screens(browser, other, url, account) {
  const agent = await other.newPage();
  await agent.goto(`${url}/login`);
  await agent.getByRole("textbox", { name: "Email" }).fill(account.email);
  await agent.getByLabel("Password").fill(account.password);
  await agent.getByRole("button", { name: "Log in" }).click();
  await agent.getByRole("switch", { name: "Available for chat" }).waitFor();
  await pause(1000);

  const page = await (await browser.newContext()).newPage();
  await page.goto(`${url}/demo`);
  await page.getByRole("button", { name: "Open chat" }).click();
  const widget = page.getByTitle("Chat", { exact: true }).contentFrame();
  await widget.locator('main input[name="token"]').waitFor({ state: "detached" });
  const box = widget.getByRole("textbox", { name: "Message" });
  await box.fill("Hello");
  await widget.getByRole("button", { name: "Start chat" }).click();
  await agent.getByRole("alertdialog", { name: "New chat" }).getByRole("button", { name: "Accept" }).click();
  await agent.getByRole("log", { name: "Conversation" }).getByText("Hello").waitFor();

  const inside = page.frames().find((frame) => frame.url().includes("/widget"));
  await inside.evaluate(() => {
    window.pressed = [];
    const now = () => performance.timeOrigin + performance.now();
    addEventListener("keydown", ({ key }) => key === "Enter" && window.pressed.push(now()), true);
  });
  await agent.evaluate(() => {
    window.shown = {};
    const now = () => performance.timeOrigin + performance.now();
    new MutationObserver(() => {
      // With a number: the draft, which agents see while it is typed, has none.
      const articles = document.querySelectorAll('[role="log"] article[id^="m"]');
      const found = /measured (\d+)\./.exec(articles[articles.length - 1]?.textContent ?? "");
      // What is drawn is on the screen with the next frame.
      if (found && !(found[1] in window.shown)) {
        window.shown[found[1]] = 0;
        requestAnimationFrame(() => (window.shown[found[1]] = now()));
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  for (let i = 0; i < MESSAGES; i++) {
    await box.fill(`measured ${i}.`);
    await box.press("Enter");
    await pause(PAUSE_MS);
  }
  await agent.getByRole("log", { name: "Conversation" }).getByText(`measured ${MESSAGES - 1}.`).waitFor();
  const pressed = await inside.evaluate(() => window.pressed);
  const shown = await agent.evaluate(() => window.shown);
  const taken = pressed.map((at, i) => shown[i] - at);
  const missing = taken.filter((ms) => !(ms > 0)).length;
  if (missing) throw new Error(`${missing} of ${MESSAGES} messages were not seen to arrive.`);
  // The first ones warm both sides up.
  return taken.slice(20);
}

mkdirSync(work, { recursive: true });
const data = join(work, "browser");
const account = { email: "anna@example.com", password: "correct horse battery" };
const { server, url } = await serve(data);
const site = await website(url);
const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: chromiumFlags });
const browser = await launch();
const other = await launch();
try {
  const add = ["agent", "add", "--name", "Anna Berg", "--email", account.email, "--password-stdin", "--data", data];
  const added = spawnSync(binary, add, { env, input: `${account.password}\n` });
  if (added.status !== 0) throw new Error(`frontdesk agent add failed: ${added.stderr}`);
  await visit(browser, site.url, false);
  await visit(browser, `${site.url}/ours`, true);
  const empty = [];
  const ours = [];
  for (let i = 0; i < VISITS; i++) {
    empty.push(await visit(browser, site.url, false));
    ours.push(await visit(browser, `${site.url}/ours`, true));
  }
  const bare = [];
  const chatting = [];
  for (let i = 0; i < VISITS; i++) {
    bare.push(await judged(browser, `${site.url}/shop`));
    chatting.push(await judged(browser, `${site.url}/shop-ours`));
  }
  const taken = await screens(browser, other, url, account);
  const of = (visits, name) => middle(visits.map((one) => one[name]));
  const weight = (name) => Math.max(...ours.map(({ weights }) => weights[name]));
  const row = (measure, value, unit, must, goal) => ({ measure, value: rounded(value), unit, better: "lower", must, goal });
  const rows = [
    row("downloaded before the launcher is touched", weight("before") / KB, "KB", 3, 3),
    row("downloaded until the form can be used", weight("form") / KB, "KB", 15, 15),
    row("downloaded in all on first use", weight("all") / KB, "KB", 150, 110),
    row("navigation to launcher, multiple of an empty loader", of(ours, "seen") / of(empty, "seen"), "×", 1.5, 1.5),
    row("touch to usable form, multiple of an empty loader", of(ours, "usable") / of(empty, "usable"), "×", 2, 2),
    row("first paint on a slow phone, multiple of the page without the chat", of(chatting, "first") / of(bare, "first"), "×", 1.05, 1.02),
    row("largest paint on a slow phone, multiple of the page without the chat", of(chatting, "largest") / of(bare, "largest"), "×", 1.05, 1.02),
    row("blocked on a slow phone, more than the page without the chat", of(chatting, "blocked") - of(bare, "blocked"), "ms", 10, 5),
    row("layout shift, more than the page without the chat", of(chatting, "shift") - of(bare, "shift"), "", 0, 0),
    row("navigation to launcher", of(ours, "seen"), "ms"),
    row("touch to usable form", of(ours, "usable"), "ms"),
    row("touch to the form on the screen, by the browser's clock", of(ours, "painted"), "ms"),
    row("… of the empty loader", of(empty, "painted"), "ms"),
    row("touch to the widget's code running", of(ours, "live"), "ms"),
    row("typed in one browser to shown in the other, p50", percentile(taken, 0.5), "ms", 40, 20),
    row("typed in one browser to shown in the other, p99", percentile(taken, 0.99), "ms", 100, 50),
  ];
  mkdirSync(dirname(part), { recursive: true });
  writeFileSync(part, JSON.stringify({ rows, runs: [] }, null, 2));
} finally {
  await browser.close();
  await other.close();
  site.server.close();
  server.kill("SIGTERM");
}
