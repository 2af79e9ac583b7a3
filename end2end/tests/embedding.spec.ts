import type { Page } from '@playwright/test';
import { ApiVisitor, call } from '../support/api';
import { violations } from '../support/axe';
import { backgroundOf } from '../support/colour';
import { png, textFile } from '../support/files';
import { expect, test } from '../support/host';
import { holdCode } from '../support/hold';
import { LiveSocket } from '../support/live';
import { Visitor } from '../support/visitor';

// The frame is a third party's, as most browsers have it now: without cookies.
test.use({
  launchOptions: [
    async ({ launchOptions }, use) => {
      await use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--test-third-party-cookie-phaseout'] });
    },
    { scope: 'worker' },
  ],
});

/** What a page asks Frontdesk for, by path. */
function requestsTo(page: Page, url: string): string[] {
  const requests: string[] = [];
  page.on('request', (request) => request.url().startsWith(url) && requests.push(new URL(request.url()).pathname));
  return requests;
}

test('a whole chat on a page of another website, under its strict policy', async ({ host, agent, browserOf }) => {
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.start({ name: 'Vera', email: 'vera@example.com', message: 'Hello' });
  await agent.accept('Vera');
  await visitor.findingAgent.waitFor({ state: 'hidden' });

  await agent.say('What can I do for you?');
  await visitor.hears('What can I do for you?');
  await agent.sees('Read', 'What can I do for you?');

  await visitor.attach(png('tent.png', 240, 160));
  await visitor.hasStored('tent.png');
  await visitor.say('This one, please');
  await agent.showsPicture('tent.png', [240, 160], [240, 160]);
  await visitor.sees('Read', 'This one, please');
  await agent.attach(textFile('offer.txt', 'An offer'));
  await agent.hasStored('offer.txt');
  await agent.say('Here it is');
  await expect(visitor.file('offer.txt')).toBeVisible();

  await visitor.goTo('Tents');
  await expect(agent.log.getByRole('paragraph').filter({ hasText: `${host.url.slice(7)}/tents` })).toHaveCount(1);
  await visitor.hears('Here it is');
  await visitor.end();
  await visitor.seesEnd();
  await agent.seesEnd();
  expect(await context.cookies(host.url)).toEqual([]);
});

test('before the touch there is one request; near the launcher the chat is fetched, and nobody is named', async ({ host, server, browserOf }) => {
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  const { page } = visitor;
  const requests = requestsTo(page, server.url);
  const browser = await context.newCDPSession(page);
  // What the page's thread works, not what it waits while others do.
  await browser.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      Object.assign(window, { shifts: list.getEntries().length });
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      Object.assign(window, { largest: (list.getEntries() as any[]).at(-1).element?.localName });
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    const compiled: string[] = [];
    Object.assign(window, { compiled });
    for (const how of ['instantiateStreaming', 'compileStreaming', 'instantiate', 'compile'] as const) {
      const original: any = WebAssembly[how];
      (WebAssembly as any)[how] = (...given: unknown[]) => {
        compiled.push(how);
        return original.apply(WebAssembly, given);
      };
    }
  });
  await visitor.visit('/');
  await expect(visitor.open).toBeVisible();
  const { metrics } = await browser.send('Performance.getMetrics');
  const work = metrics.filter(({ name }) => /^(Script|Layout|RecalcStyle)Duration$/.test(name));
  const busy = work.reduce((sum, { value }) => sum + value, 0);
  await page.mouse.move(100, 100);
  await page.mouse.wheel(0, 400);
  await page.getByRole('link', { name: 'Tents' }).focus();
  await expect.poll(() => page.evaluate(() => localStorage.getItem('frontdesk'))).toContain('Home');
  expect(requests).toEqual(['/embed.js']);
  expect(await page.locator('iframe').count()).toBe(0);
  // No long task of ours: all that the page has done is less than one. And what is painted largest is still its own.
  expect(busy).toBeLessThan(0.05);
  expect(await page.evaluate(() => (window as any).largest)).toMatch(/^(h1|p)$/);

  const hydrated = page.waitForResponse((response) => /\.wasm$/.test(new URL(response.url()).pathname));
  const box = await visitor.open.boundingBox();
  await page.mouse.move(box!.x - 40, box!.y - 40);
  await hydrated;
  await expect(visitor.face.getByRole('textbox', { name: 'Message' })).toBeAttached();
  await expect(page.getByTitle('Chat', { exact: true })).toBeHidden();
  expect(requests.filter((path) => /^\/(api|live)/.test(path))).toEqual([]);
  expect(await page.evaluate(() => localStorage.getItem('frontdesk'))).not.toContain('token');
  expect(await page.evaluate(() => 'shifts' in window)).toBe(false);
  expect(await context.cookies()).toEqual([]);

  await visitor.openChat();
  await visitor.face.getByRole('textbox', { name: 'Name' }).fill('Vera');
  await expect.poll(() => requests.filter((path) => path === '/widget').length).toBe(1);
  // Compiled while it came, and once.
  expect(await visitor.face.locator('html').evaluate(() => (window as any).compiled)).toEqual(['instantiateStreaming']);
});

test('a hostile page neither hides the launcher nor doubles or loses it', async ({ host, server, browserOf, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  host.page = {
    tags: 3,
    head: '<base href="https://elsewhere.example/deep/">',
    css: `* { all: unset !important; display: none !important; } html, body { display: block !important; }
      frontdesk-chat, frontdesk-chat * { visibility: hidden !important; opacity: 0 !important; position: static !important; }
      button, iframe, svg, div { width: 1px !important; height: 1px !important; transform: scale(0) !important; }
      body { filter: grayscale(1) !important; transform: rotate(3deg) !important; contain: strict !important; }`,
  };
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  const { page } = visitor;
  await visitor.visit('/');
  const corner = async () => {
    const { x, y, width, height } = (await visitor.open.boundingBox())!;
    return [x + width, y + height, width, height].map(Math.round);
  };
  expect(await corner()).toEqual([1420, 880, 60, 60]);
  expect(await page.locator('frontdesk-chat').count()).toBe(1);

  await page.evaluate(() => {
    const body = document.createElement('body');
    body.append(document.createElement('h1'));
    document.body.replaceWith(body);
  });
  await expect(visitor.open).toBeVisible();
  await page.evaluate(() => (document.body.textContent = ''));
  await expect(visitor.open).toBeVisible();
  await page.evaluate(() => {
    const html = document.createElement('html');
    html.append(document.createElement('head'), document.createElement('body'));
    document.documentElement.replaceWith(html);
  });
  await expect(visitor.open).toBeVisible();
  expect(await corner()).toEqual([1420, 880, 60, 60]);
  await visitor.start({ name: 'Vera', message: 'Hello' });
  const { width, height } = (await page.getByTitle('Chat', { exact: true }).boundingBox())!;
  expect([width, height]).toEqual([392, 680]);

  // A router that replaces the body does not make the chat load anew.
  const requests = requestsTo(page, server.url);
  await page.evaluate(() => document.body.replaceWith(document.createElement('body')));
  await visitor.box.fill('Still here');
  await visitor.send.click();
  await visitor.hears('Still here');
  expect(requests).not.toContain('/widget');
});

test('the chat looks as the page wishes, and stays readable', async ({ host, browserOf, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  const attributes = 'data-color="var(--brand)" data-theme="dark" data-position="left" data-launcher="Ask us"';
  host.page = { attributes, css: ':root { --brand: #ffe600; }' };
  const context = await browserOf({ baseURL: host.url, colorScheme: 'light' });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await expect(visitor.open).toHaveText('Ask us');
  expect(await visitor.open.evaluate((button) => getComputedStyle(button).color)).toMatch(/^color\(srgb-linear (-\d+ ?){3}\)|^rgb\(0, 0, 0\)/);
  expect((await visitor.open.boundingBox())!.x).toBe(20);
  await visitor.openChat();
  const start = visitor.face.getByRole('button', { name: 'Start chat' });
  await expect.poll(() => backgroundOf(start)).toEqual([255, 230, 0]);
  await expect.poll(async () => Math.max(...(await backgroundOf(visitor.face.locator('body'))))).toBeLessThan(60);
});

test('one does not see through the launcher, whose colour a page gives as half transparent', async ({ host, browserOf, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  host.page = { attributes: 'data-color="#ffe60040"' };
  const visitor = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
  await visitor.visit('/');
  // A colour without alpha has no slash.
  const looks = await visitor.open.evaluate((button) => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color]);
  expect(looks).toEqual([expect.stringMatching(/^color\(srgb 1 0\.90\d* 0\)$/), expect.stringMatching(/^color\(srgb-linear (-\d+ ?){3}\)$/)]);
  await visitor.openChat();
  await expect.poll(() => backgroundOf(visitor.face.getByRole('button', { name: 'Start chat' }))).toEqual([255, 230, 0]);
});

test('a page that requires trusted types and asks with crossorigin has the chat; what it has kept of the stub works', async ({ host, browserOf, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  host.page = {
    attributes: 'crossorigin="anonymous" data-compat="crisp"',
    policy: "trusted-types frontdesk; require-trusted-types-for 'script'",
    script: `window.$crisp = [['set', 'user:nickname', 'Ada']];
      window.frontdesk = function () { (frontdesk.q = frontdesk.q || []).push(arguments); };
      window.kept = window.frontdesk;`,
  };
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await expect(visitor.open).toBeVisible();
  await visitor.page.evaluate(() => (window as any).kept('open'));
  await expect(visitor.face.getByRole('textbox', { name: 'Name' })).toHaveValue('Ada');
});

/** What pages have that were written for another chat: its snippet with our address, and what they call. */
const written: [chat: string, script: (address: string) => string, open: string][] = [
  [
    'intercom',
    (address) => `window.intercomSettings = { app_id: 'a1', name: 'Ada' };
      (function () {
        var w = window, d = document, stub = function () { stub.c(arguments); };
        stub.q = [];
        stub.c = function (call) { stub.q.push(call); };
        w.Intercom = stub;
        w.addEventListener('load', function () {
          var s = d.createElement('script'), first = d.getElementsByTagName('script')[0];
          s.async = true; s.src = '${address}'; first.parentNode.insertBefore(s, first);
        }, false);
      })();
      Intercom('boot', { plan: 'pro' });`,
    "Intercom('show')",
  ],
  [
    'chatwoot',
    (address) => `window.chatwootSettings = { position: 'left' };
      (function (d, t) {
        var s = d.createElement(t), first = d.getElementsByTagName(t)[0];
        s.src = '${address}'; s.defer = true; s.async = true;
        first.parentNode.insertBefore(s, first);
        s.onload = function () { chatwootSDK.run({ websiteToken: 'w1', baseUrl: 'https://chat.example' }); };
      })(document, 'script');
      addEventListener('chatwoot:ready', function () { $chatwoot.setUser('7', { name: 'Ada' }); });`,
    "$chatwoot.toggle('open')",
  ],
  [
    'crisp',
    (address) => `window.$crisp = []; window.CRISP_WEBSITE_ID = 'c1';
      (function () { var d = document, s = d.createElement('script'); s.src = '${address}'; s.async = 1; d.getElementsByTagName('head')[0].appendChild(s); })();
      $crisp.push(['set', 'user:nickname', ['Ada']]);`,
    "$crisp.push(['do', 'chat:open'])",
  ],
  [
    'tawk',
    (address) => `var Tawk_API = Tawk_API || {}, Tawk_LoadStart = new Date();
      Tawk_API.visitor = { name: 'Ada' };
      (function () {
        var s = document.createElement('script'), first = document.getElementsByTagName('script')[0];
        s.async = true; s.src = '${address}'; s.charset = 'UTF-8'; s.setAttribute('crossorigin', '*');
        first.parentNode.insertBefore(s, first);
      })();`,
    'Tawk_API.maximize()',
  ],
];

test('pages with the snippet of another chat need one changed line', async ({ host, server, browserOf, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  for (const [chat, script, open] of written) {
    host.page = { tags: 0, script: script(`${server.url}/compat/${chat}.js`) };
    const visitor = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
    await visitor.visit('/');
    await expect(visitor.open, chat).toBeVisible();
    await visitor.page.evaluate(open);
    await expect(visitor.face.getByRole('textbox', { name: 'Name' }), chat).toHaveValue('Ada');
  }
});

for (const [theme, css] of [
  ['dark', 'body { background: oklch(20% 0.02 260); }'],
  ['light', 'html { color-scheme: light; } body { background: #111; }'],
]) {
  test(`the chat is ${theme} as the page is, whatever the visitor's system says`, async ({ host, browserOf, apiAgent }) => {
    expect(apiAgent).toBeTruthy();
    host.page = { attributes: 'data-theme="page"', css };
    const context = await browserOf({ baseURL: host.url, colorScheme: theme === 'dark' ? 'light' : 'dark' });
    const visitor = new Visitor(await context.newPage());
    await visitor.visit('/');
    await visitor.openChat();
    await expect(visitor.face.locator('html')).toHaveAttribute('data-theme', theme);
    await visitor.closeChat();
    const other = theme === 'dark' ? 'light' : 'dark';
    await visitor.page.evaluate((scheme) => (document.documentElement.style.colorScheme = scheme), other);
    await visitor.openChat();
    await expect(visitor.face.locator('html')).toHaveAttribute('data-theme', other);
  });
}

test('a language that the chat does not speak leaves it to that of the page', async ({ host, browserOf, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  host.page = { attributes: 'data-lang="fi"' };
  const context = await browserOf({ baseURL: host.url, locale: 'de-DE' });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.openChat();
  await expect(visitor.face.getByRole('button', { name: 'Start chat' })).toBeVisible();
});

test('a visitor is greeted while somebody is available, and not otherwise', async ({ host, server, browserOf, newAgent }) => {
  host.page = { attributes: 'data-greeting="Any questions?" data-greeting-delay="0"' };
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  const greeting = visitor.page.getByRole('button', { name: 'Any questions?' });
  const asked = () => visitor.page.waitForResponse((response) => response.url().startsWith(`${server.url}/api/visitor/available`));
  const answer = asked();
  await visitor.visit('/');
  expect(await (await answer).json()).toMatchObject({ available: false });
  const agent = await newAgent('Anna Berg');
  // The browser may keep the answer for ten seconds, so somebody else comes.
  await expect(greeting).toHaveCount(0);
  const other = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
  await other.visit('/');
  const said = other.page.getByRole('button', { name: 'Any questions?' });
  await expect(other.page.getByRole('status').filter({ has: said })).toBeVisible();
  await expect(said).toHaveAttribute('dir', 'auto');
  expect(await violations(other.page, ['aria-allowed-role', 'color-contrast', 'nested-interactive'])).toEqual([]);
  await said.click();
  await expect(other.face.getByRole('textbox', { name: 'Message' })).toBeVisible();
  expect(agent).toBeTruthy();
});

test('the page hears of messages, and which chat it is', async ({ host, browserOf, agent }) => {
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.page.evaluate(() => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    for (const name of ['chat-started', 'message', 'chat-ended']) {
      (window as any).frontdesk('on', name, (value: object) => heard.push([name, value]));
    }
  });
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await visitor.findingAgent.waitFor({ state: 'hidden' });
  await agent.say('Good morning');
  await visitor.hears('Good morning');
  await visitor.end();
  const message = { text: 'Good morning', by: 'Anna Berg', at: expect.any(Number) };
  const expected = [['chat-started', { chat: '1' }], ['message', message], ['chat-ended', { chat: '1' }]];
  await expect.poll(() => visitor.page.evaluate(() => (window as any).heard)).toEqual(expected);
});

test('the frame listens to nobody but the page around it, and to that only under the address it was made for', async ({ host, server, browserOf, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  host.page = { attributes: 'data-theme="page"' };
  const context = await browserOf({ baseURL: host.url });
  const come = await holdCode(context);
  const visitor = new Visitor(await context.newPage());
  const { page } = visitor;
  const bearers = new Set<string>();
  page.on('request', (request) => {
    const bearer = request.headers().authorization;
    if (bearer) bearers.add(bearer.replace('Bearer ', ''));
  });
  const token = 'A'.repeat(43);
  const at = { at: 1, url: `${host.url}/` };
  const said = [
    { frontdesk: 1, type: 'context', token, open: true, visit: { first: at, session: at }, pages: [], page: null, consented: true },
    { frontdesk: 1, type: 'theme', theme: 'dark' },
  ];
  await visitor.visit('/');
  await page.evaluate(() => {
    const sibling = document.createElement('iframe');
    sibling.name = 'sibling';
    document.body.append(sibling);
  });
  const sibling = page.frame({ name: 'sibling' })!;
  await visitor.open.hover();
  const html = visitor.face.locator('html');
  const field = visitor.face.locator('main input[name="token"]');
  await expect(html).toHaveAttribute('data-theme', 'light');
  /** A frame beside it, of the same origin as the page, says that it is the page. */
  const pretend = async () => {
    await html.evaluate(() => addEventListener('message', ({ source, data }) => Object.assign(window, { last: [source === parent, data.type] })));
    await sibling.evaluate(([said, to]) => {
      const chat = parent.document.querySelector('frontdesk-chat')!.shadowRoot!.querySelector('iframe')!.contentWindow!;
      for (const message of said as object[]) chat.postMessage(message, to as string);
    }, [said, server.url]);
    await expect.poll(() => html.evaluate(() => (window as any).last)).toEqual([false, 'theme']);
    await expect(html).toHaveAttribute('data-theme', 'light');
  };
  // A frame that was made for another website does not listen to this one.
  await page.evaluate((src) => {
    const frame = document.createElement('iframe');
    Object.assign(frame, { src, name: 'other' });
    document.body.append(frame);
  }, `${server.url}/widget?origin=https://other.example&theme=page`);
  const other = page.frameLocator('iframe[name="other"]').locator('html');
  const otherField = other.locator('main input[name="token"]');
  const tellOther = async () => {
    await page.evaluate(([said, to]) => {
      const { contentWindow } = document.querySelector<HTMLIFrameElement>('iframe[name="other"]')!;
      for (const message of said as object[]) contentWindow!.postMessage(message, to as string);
    }, [said, server.url]);
    // What it heard it has taken in by the time that it answers.
    await other.evaluate(() => fetch('/healthz').then(({ ok }) => ok));
    await expect(other).not.toHaveAttribute('data-theme', 'dark');
  };

  await pretend();
  await expect(field.first()).not.toHaveValue(token);
  await expect(otherField.first()).not.toHaveValue(token);
  await tellOther();
  await expect(otherField.first()).not.toHaveValue(token);
  come();
  await expect(field).toHaveCount(0);
  await expect(otherField).toHaveCount(0);
  await pretend();
  await tellOther();
  await visitor.openChat();
  await expect.poll(() => bearers.size).toBe(1);
  expect(await page.evaluate(() => JSON.parse(localStorage.frontdesk).token)).toBe([...bearers][0]);
});

test('who is to be forgotten leaves no frame behind', async ({ host, browserOf, apiAgent }) => {
  expect(apiAgent).toBeTruthy();
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await visitor.page.evaluate(() => (window as any).frontdesk('shutdown'));
  await expect(visitor.page.locator('iframe')).toHaveCount(0);
  await visitor.page.evaluate(() => (window as any).frontdesk('open'));
  await expect(visitor.face.getByRole('textbox', { name: 'Name' })).toHaveValue('');
});

test('page views that are lost off line come when the browser is on line again', async ({ host, browserOf, agent, watch }) => {
  watch.expect(/ERR_INTERNET_DISCONNECTED/);
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await context.setOffline(true);
  const failed = visitor.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/page-views'));
  await visitor.page.evaluate(() => history.pushState(null, '', '/tents'));
  await failed;
  await context.setOffline(false);
  await expect(agent.log.getByRole('paragraph').filter({ hasText: '/tents' })).toHaveCount(1);

  // Routes after a hash, and going back, are pages as well.
  await visitor.page.evaluate(() => (location.hash = '#/pegs'));
  await expect(agent.log.getByRole('paragraph').filter({ hasText: '/tents#/pegs' })).toHaveCount(1);
  await visitor.page.evaluate(() => (location.hash = '#reviews'));
  await visitor.page.goBack();
  await visitor.page.goBack();
  await expect(agent.log.getByRole('paragraph').filter({ hasText: '/tents#/pegs' })).toHaveCount(2);
  await expect(agent.log.getByRole('paragraph').filter({ hasText: /\/tents(?!#)/ })).toHaveCount(3);
});

test('where storage is denied the chat works, and is forgotten with the page', async ({ host, agent, browserOf }) => {
  const context = await browserOf({ baseURL: host.url });
  await context.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        },
      });
    }
  });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await agent.say('Hello Vera');
  await visitor.hears('Hello Vera');
  await visitor.say('Here I am');
  await agent.hears('Here I am');
  await visitor.page.evaluate(() => history.pushState(null, '', '/tents'));
  await expect(agent.log.getByRole('paragraph').filter({ hasText: '/tents' })).toHaveCount(1);
  await visitor.closeChat();
  await visitor.openChat();
  await visitor.hears('Hello Vera');
  await visitor.visit('/');
  await visitor.openChat();
  await expect(visitor.face.getByRole('textbox', { name: 'Name' })).toBeVisible();
});

test('a website that tells of all its visitors tells where they are, and not who', async ({ host, server, apiAgent, browserOf }) => {
  host.page = { attributes: 'data-visitors="live"' };
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  const requests = requestsTo(visitor.page, server.url);
  const onSite = async () => (await apiAgent.call('agent/site-visitors', {})).body.map(({ pages, page }: any) => [pages, page.url]);
  await visitor.visit('/?token=secret');
  await expect.poll(onSite).toEqual([[1, `${host.url}/`]]);
  await visitor.goTo('Tents');
  await expect.poll(onSite).toEqual([[2, `${host.url}/tents`]]);
  expect(new Set(requests)).toEqual(new Set(['/embed.js', '/embed-frame.js', '/api/visitor/page-views']));
  expect(await visitor.page.evaluate(() => localStorage.getItem('frontdesk'))).not.toContain('token');
  expect((await call(server, 'agent/site-visitors', {})).status).toBe(401);
});

test.describe('with FRONTDESK_ALLOWED_ORIGINS', () => {
  test('only those websites may show the chat, report page views and connect', async ({ host, server, apiAgent, browserOf, watch }) => {
    expect(apiAgent).toBeTruthy();
    await server.kill();
    await server.restart({ FRONTDESK_ALLOWED_ORIGINS: `https://shop.example,${host.url}` });
    const socket = await apiAgent.connect();

    const context = await browserOf({ baseURL: host.url });
    const visitor = new Visitor(await context.newPage());
    await visitor.visit('/');
    await visitor.start({ name: 'Vera', message: 'Hello' });

    const stranger = new Visitor(await context.newPage());
    watch.expect(/frame-ancestors/, /violates the following Content Security Policy/);
    const refused = stranger.page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
    await stranger.visit(`${host.otherUrl}/`);
    await stranger.openChat({ live: false });
    await refused;
    await expect(stranger.face.getByRole('textbox')).toHaveCount(0);

    const { token } = new ApiVisitor(server);
    const beacon = (origin: string) => call(server, 'visitor/page-views', { token, pages: [] }, { headers: { origin } });
    expect((await beacon(host.otherUrl)).status).toBe(403);
    expect((await beacon('https://evil.example')).status).toBe(403);
    expect((await beacon(host.url)).status).toBe(204);
    expect((await beacon(server.url)).status).toBe(204);

    // The chat connects from its own frame; no other website does, be it allowed to show the chat or not.
    for (const origin of [host.url, host.otherUrl, 'https://evil.example', 'null']) {
      await expect(LiveSocket.open(server, { origin })).rejects.toThrow('403');
    }
    (await LiveSocket.open(server, { origin: server.url })).close();
    socket.close();
  });
});

test.describe('on a phone', () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  test('the chat is the whole screen, and going back closes it and not the page', async ({ host, browserOf, apiAgent }) => {
    expect(apiAgent).toBeTruthy();
    const context = await browserOf({ baseURL: host.url, ...phone });
    const visitor = new Visitor(await context.newPage());
    const { page } = visitor;
    await visitor.visit('/');
    await visitor.goTo('Tents');
    await expect(page).toHaveURL(/\/tents$/);
    await page.evaluate(() => {
      history.replaceState({ idx: 1 }, '');
      addEventListener('popstate', () => Object.assign(window, { popped: true }));
    });
    await visitor.open.tap();
    const frame = page.getByTitle('Chat', { exact: true });
    await expect(visitor.face.getByRole('textbox', { name: 'Name' })).toBeVisible();
    expect(await frame.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    const overflow = () => page.evaluate(() => getComputedStyle(document.body).overflowY);
    expect(await overflow()).toBe('hidden');

    await page.goBack();
    await expect(frame).toBeHidden();
    await expect(page).toHaveURL(/\/tents$/);
    expect(await overflow()).toBe('visible');
    expect(await page.evaluate(() => history.state)).toEqual({ idx: 1 });
    expect(await page.evaluate(() => 'popped' in window)).toBe(false);

    await visitor.open.tap();
    await visitor.face.getByRole('button', { name: 'Close chat' }).tap();
    await expect(frame).toBeHidden();
    await expect.poll(() => page.evaluate(() => history.state)).toEqual({ idx: 1 });
    await page.goBack();
    await expect(page).toHaveURL(`${host.url}/`);
  });

  test('going back closes what lies over the chat first, then the chat, and then leaves the page', async ({ host, browserOf, agent }) => {
    const context = await browserOf({ baseURL: host.url, ...phone });
    const visitor = new Visitor(await context.newPage());
    const { page } = visitor;
    await visitor.visit('/');
    await visitor.goTo('Tents');
    await expect(page).toHaveURL(/\/tents$/);
    await visitor.start({ name: 'Vera', message: 'Hello' });
    await agent.accept('Vera');
    await agent.attach(png('one.png', 640, 400));
    await agent.hasStored('one.png');
    await agent.send.click();
    const viewer = visitor.face.getByRole('dialog', { name: 'Image' });
    for (const _ of ['once', 'and again']) {
      await visitor.picture('one.png').tap();
      await expect(viewer).toBeVisible();
      await page.goBack();
      await expect(viewer).toBeHidden();
      await expect(visitor.frame).toBeVisible();
    }
    await visitor.endChat.tap();
    await expect(visitor.endDialog).toBeVisible();
    await page.goBack();
    await expect(visitor.endDialog).toBeHidden();
    await expect(visitor.frame).toBeVisible();

    // What the visitor closes takes nothing along.
    await visitor.picture('one.png').tap();
    await viewer.getByRole('button', { name: 'Close' }).tap();
    await expect(viewer).toBeHidden();
    await page.goBack();
    await expect(visitor.frame).toBeHidden();
    await expect(page).toHaveURL(/\/tents$/);
    await page.goBack();
    await expect(page).toHaveURL(`${host.url}/`);
  });
});
