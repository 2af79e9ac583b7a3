import type { Frame, Locator, Page, Route } from '@playwright/test';
import { ApiAgent, text } from '../support/api';
import { isAccessible } from '../support/axe';
import { type NewFile, pdf, png, textFile } from '../support/files';
import { accountOf, expect, test } from '../support/test';
import { Visitor } from '../support/visitor';
import { answered, noNetwork } from '../support/watch';
import { wordsOf } from '../support/words';

const frame = ({ page }: Visitor): Frame => page.frames().find((frame) => frame.url().includes('/widget'))!;

/** The shop in another language. */
async function translate(page: Page, lang: string): Promise<void> {
  await page.route('**/demo', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace('<html lang="en">', `<html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}">`);
    await route.fulfill({ response: answer, body });
  });
}

/** No telephone zooms in on a field that is touched. */
async function fieldsAreLarge(face: Frame, what: string): Promise<void> {
  const fields = face.locator(':is(input, textarea, select):visible');
  const sizes = await fields.evaluateAll((all) => all.map((field) => parseFloat(getComputedStyle(field).fontSize)));
  expect(sizes.filter((size) => size < 16), what).toEqual([]);
}

for (const lang of ['en', 'ar']) {
  test(`every state of the widget is accessible, and no field is small: ${lang}`, async ({ browserOf, server, watch }) => {
    test.setTimeout(180_000);
    const t = wordsOf(lang);
    const account = accountOf('Paula Program');
    await server.agentAdd({ ...account, role: 'admin', departments: ['Sales', 'Support'] });
    const agent = await ApiAgent.logIn(server, account);
    const socket = await agent.connect();
    expect((await agent.call('admin/rules/save', { rules: { answer_within_s: 5 } })).status).toBe(200);
    const visitor = new Visitor(await (await browserOf({ hasTouch: true, locale: lang === 'ar' ? 'ar-EG' : 'en-US' })).newPage());
    const { page, face } = visitor;
    const button = (name: string) => face.getByRole('button', { name: t(name), exact: true });
    const field = (name: string) => face.getByRole('textbox', { name: t(name), exact: true });
    const status = (says: string) => face.getByRole('status').filter({ hasText: says });
    const message = (says: string) => face.getByRole('article').filter({ hasText: says });
    const launcher = (name: string) => page.getByRole('button', { name: t(name) });
    const looksRight = async (what: string) => {
      await isAccessible(page, what, { widths: [390], face: frame(visitor) });
      await fieldsAreLarge(frame(visitor), what);
    };
    const pageLooksRight = (what: string) => isAccessible(page, what, { widths: [1440, 390] });

    await translate(page, lang);
    await visitor.visit();
    await expect(visitor.open).toBeVisible();
    await pageLooksRight('the page with the launcher');
    await visitor.openChat();
    await expect(face.locator('html')).toHaveAttribute('dir', lang === 'ar' ? 'rtl' : 'ltr');
    await expect(face.getByRole('combobox', { name: t('Department') })).toBeVisible();
    await looksRight('the form with a choice of departments');
    await pageLooksRight('the page with the chat in it');
    await field('Name').fill('Vera');
    await field('Email').fill('vera@example.com');
    await field('Message').fill('Hello');
    await button('Start chat').click();
    const finding = face.getByRole('status', { name: t('Finding an agent') });
    await expect(finding).toBeVisible();
    await looksRight('waiting');
    await button('Leave a message').click();
    const back = button('Back to the chat');
    await expect(back).toBeVisible();
    // It points to where one reads from, and stands there.
    const pointing = () => back.locator('svg').evaluate((arrow) => getComputedStyle(arrow).transform);
    expect(await pointing()).toBe(lang === 'ar' ? 'matrix(-1, 0, 0, 1, 0, 0)' : 'none');
    const { x, width } = (await back.boundingBox())!;
    const head = (await face.locator('.head').boundingBox())!;
    expect(lang === 'ar' ? head.x + head.width - x - width : x - head.x).toBeCloseTo(8);
    await looksRight('leaving a message in place of waiting');
    await back.click();
    await expect(status(t('Nobody is free right now'))).toBeVisible();
    await looksRight('waiting too long');
    await button('Keep waiting').click();
    await looksRight('waiting on');

    // What a screen reader announces comes into a place that is there already.
    const trouble = await face.locator('.thread > .conn').elementHandle();
    const found = await finding.elementHandle();
    await watch.expectWhile(noNetwork, async () => {
      await page.context().setOffline(true);
      await expect(status(t('You are offline. Nothing you write is lost.'))).toBeVisible();
      expect(await trouble!.textContent()).toContain(t('You are offline. Nothing you write is lost.'));
      await looksRight('without a network');
      await page.context().setOffline(false);
      await expect(status(t('You are offline. Nothing you write is lost.'))).toHaveCount(0);
      await expect(face.locator('.thread > .conn')).toBeEmpty({ timeout: 30_000 });
    });
    expect(await trouble!.isVisible(), 'where there is nothing to say, there is nothing to see').toBe(false);
    await agent.command(1, { type: 'accept' });
    await expect(finding).toHaveCount(0);
    expect(await found!.evaluate((place) => place.isConnected && !place.textContent), 'its place stays').toBe(true);

    await agent.command(1, { type: 'send', text: text('Good morning') });
    await expect(message('Good morning')).toBeVisible();
    // Times are those of the country that the browser names.
    await expect(message('Hello').locator('time')).toHaveText(lang === 'ar' ? /^[٠-٩]+:[٠-٩]{2}\s[صم]$/ : /^\d+:\d{2}\s[AP]M$/);
    socket.say({ type: 'follow', chat: 1, after: 0 });
    const typing = setInterval(() => socket.say({ type: 'typing', chat: 1, draft: '…' }), 500);
    await expect(status(t('{0} is typing').replace('{0}', 'Paula Program'))).toBeVisible();
    await looksRight('somebody is typing');
    clearInterval(typing);

    const attach = async (...files: NewFile[]) => {
      const chooser = page.waitForEvent('filechooser');
      await button('Attach file').click();
      await (await chooser).setFiles(files);
    };
    const tray = face.getByRole('list', { name: t('Files to send') });
    const removeFrom = (verb: string, name: string) =>
      tray.getByRole('button', { name: t(`${verb} {0}`).replace('{0}', name), exact: true }).click();
    const holdUploads = (route: Route) => (route.request().method() === 'PUT' ? undefined : route.continue());
    await page.route('**/files/**', holdUploads);
    await attach(pdf('held.pdf', 1_500_000), textFile('empty.txt', ''));
    await expect(tray.getByRole('progressbar')).toBeVisible();
    await expect(tray.getByRole('alert')).toBeVisible();
    await looksRight('a file on its way, and one that cannot be sent');
    await removeFrom('Cancel', 'held.pdf');
    await removeFrom('Remove', 'empty.txt');
    await page.unroute('**/files/**', holdUploads);

    await attach(png('lamp.png', 400, 300), png('table.png', 300, 400), pdf('prices.pdf', 1_350_000));
    for (const name of ['lamp.png', 'table.png', 'prices.pdf']) {
      await expect(tray.getByRole('button', { name: t('Remove {0}').replace('{0}', name) })).toBeVisible();
    }
    await button('Send').click();
    await expect(face.getByRole('link', { name: 'prices.pdf' })).toContainText(lang === 'en' ? '1.4 MB' : `1${t('.')}4 MB`);
    await looksRight('pictures and a file');
    await face.getByRole('img', { name: 'lamp.png' }).click();
    await expect(face.getByRole('dialog', { name: t('Image') })).toBeVisible();
    await looksRight('a picture seen large');
    await page.keyboard.press('Escape');

    // How far a message came is not told by colour alone.
    const sign = async (name: string) => {
      await expect(message('Hello').getByRole('img')).toHaveAccessibleName(t(name));
      return message('Hello').getByRole('img').evaluate((tick) => tick.innerHTML + getComputedStyle(tick).borderStyle);
    };
    await agent.command(1, { type: 'mark_delivered', up_to: 4 });
    const signs = [await sign('Delivered')];
    await agent.command(1, { type: 'mark_read', up_to: 4 });
    signs.push(await sign('Read'));
    expect(signs[0]).not.toBe(signs[1]);
    await looksRight('read');

    watch.expect(answered(422, '/api/visitor/command'));
    const refuse = (route: Route) => route.fulfill({ status: 422, json: { error: 'refused', refusal: { reason: 'message_too_rich' } } });
    await page.route('**/api/visitor/command', refuse);
    await field('Message').fill('Too rich');
    await button('Send').click();
    await expect(message('Too rich').getByRole('button', { name: t('Retry') })).toBeVisible();
    await looksRight('a message that was not sent');
    await page.unroute('**/api/visitor/command', refuse);
    await message('Too rich').getByRole('button', { name: t('Delete') }).click();

    // Closed, with something unread.
    await page.setViewportSize({ width: 1440, height: 900 });
    await launcher('Close chat').click();
    await agent.command(1, { type: 'send', text: text('Are you there?') });
    await expect(page.locator('frontdesk-chat output')).toHaveText(t('1 unread message'));
    await pageLooksRight('the page with something unread');
    await launcher('Open chat').click();
    await expect(message('Are you there?')).toBeVisible();

    await agent.command(1, { type: 'end' });
    await button('Helpful').click();
    await face.getByRole('textbox', { name: t('Comment') }).fill('Quick');
    await looksRight('after the chat');
    await button('Send comment').click();
    await expect(status(t('Your comment was sent.'))).toBeVisible();
    await field('Email').fill('otto@example.com');
    await button('Send transcript').click();
    await expect(status(t('Transcript sent to {0}.').replace('{0}', 'otto@example.com'))).toBeVisible();
    await looksRight('after the chat, with all of it sent');

    socket.close();
    await agent.call('agent/available', { available: false });
    await button('Start a new chat').click();
    await expect(button('Leave a message')).toBeVisible();
    await looksRight('leaving a message');
    await field('Email').fill('otto@example.com');
    await field('Message').fill('Moin');
    await button('Leave a message').click();
    await expect(status(t('Your message is with us'))).toBeVisible();
    await looksRight('a message was left');
  });
}

test('in forced colours everything that is touched has a visible border', async ({ chat: { visitor, agent } }) => {
  const { page, face } = visitor;
  await page.emulateMedia({ forcedColors: 'active' });
  /** What can be touched and has no line around it, of another colour than what lies below. */
  const bare = () =>
    frame(visitor).locator(':is(button, input, textarea, select):visible').evaluateAll((all) =>
      all.flatMap((element) => {
        // Links look like links; the writer's box has its line around all that is in it, and emoji are pictures.
        if (element.matches('.linkish, .retry, .emoji__item, .viewer *')) return [];
        const seen = element.closest('.composer__box') && element.matches('textarea') ? element.closest('.composer__box')! : element;
        const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor } = getComputedStyle(seen);
        const drawn = parseFloat(borderTopWidth) >= 1 && borderTopStyle !== 'none' && borderTopColor !== backgroundColor;
        return drawn && !/^rgba.*, 0\)$/.test(borderTopColor) ? [] : [element.outerHTML.slice(0, 160)];
      }),
    );
  expect(await bare(), 'chatting').toEqual([]);
  await isAccessible(page, 'chatting', { widths: [390], face: frame(visitor) });
  const box = await visitor.message('Hello').locator('.bubble').evaluate((bubble) => getComputedStyle(bubble).borderTopStyle);
  expect(box, 'a message has an edge').toBe('solid');
  await agent.end();
  await visitor.seesEnd();
  await face.getByRole('button', { name: 'Helpful', exact: true }).click();
  expect(await bare(), 'after the chat').toEqual([]);
  await visitor.startNewChat.click();
  await expect(face.getByRole('button', { name: 'Start chat' })).toBeVisible();
  expect(await bare(), 'the form').toEqual([]);
  await isAccessible(page, 'the form', { widths: [390], face: frame(visitor) });
});

test('at 200 % zoom the form and the chat are used whole', async ({ apiAgent, newVisitor }) => {
  // What is left of 1280 × 800.
  const visitor = await newVisitor({ viewport: { width: 640, height: 400 } });
  const { face } = visitor;
  const whole = async (what: Locator) => {
    await what.scrollIntoViewIfNeeded();
    await expect(what).toBeInViewport({ ratio: 1 });
    const reached = await what.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      // Nothing lies over its middle, and it was not moved there by what nobody can scroll.
      if (!element.contains(document.elementFromPoint(x + width / 2, y + height / 2))) return 'covered';
      for (let around = element.parentElement; around; around = around.parentElement) {
        if (around.scrollTop && getComputedStyle(around).overflowY === 'hidden') return 'cut off';
      }
      return document.documentElement.scrollTop ? 'cut off' : 'whole';
    });
    expect(reached, await what.evaluate((element) => element.outerHTML.slice(0, 120))).toBe('whole');
  };
  const nothingSideways = async () =>
    expect(await face.locator('html').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await visitor.openChat();
  await expect(visitor.frame).toBeInViewport({ ratio: 1 });
  for (const name of ['Name', 'Email', 'Message']) await whole(face.getByRole('textbox', { name }));
  await whole(face.getByRole('button', { name: 'Close chat' }));
  await nothingSideways();
  await visitor.box.fill('Hello');
  await whole(face.getByRole('button', { name: 'Start chat' }));
  await face.getByRole('button', { name: 'Start chat' }).click();
  await whole(visitor.findingAgent);
  await apiAgent.command(1, { type: 'accept' });
  await apiAgent.command(1, { type: 'send', text: text('Good morning') });
  await visitor.hears('Good morning');
  await whole(visitor.message('Good morning'));
  for (const name of ['Emoji', 'Attach file', 'Send', 'End chat', 'Close chat']) await whole(face.getByRole('button', { name, exact: true }));
  await whole(visitor.box);
  await nothingSideways();
  await visitor.end();
  await face.getByRole('button', { name: 'Helpful', exact: true }).click();
  await whole(face.getByRole('textbox', { name: 'Comment' }));
  await whole(face.getByRole('textbox', { name: 'Email' }));
  await whole(visitor.startNewChat);
  await nothingSideways();
});

test('nothing moves where the visitor wishes it, and something does where not', async ({ apiAgent: _, visitor }) => {
  const moving = (where: Page | Frame) =>
    where.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await visitor.page.emulateMedia({ reducedMotion: 'no-preference' });
  await expect.poll(() => moving(frame(visitor))).toBeGreaterThan(0);
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(() => moving(frame(visitor))).toBe(0);
  // Told by the browser when it begins: it may be over before anybody looks.
  await visitor.page.evaluate(() => {
    const panel = document.querySelector('frontdesk-chat')!.shadowRoot!.querySelector('section')!;
    panel.addEventListener('transitionrun', () => (panel.dataset.moved = 'yes'));
  });
  const moved = async () => {
    await visitor.closeChat();
    await visitor.openChat();
    return visitor.page.evaluate(() => {
      const panel = document.querySelector('frontdesk-chat')!.shadowRoot!.querySelector('section')!;
      return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(panel.dataset.moved))));
    });
  };
  expect(await moved(), 'the panel').toBe(undefined);
  await visitor.page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moved(), 'the panel').toBe('yes');
});
