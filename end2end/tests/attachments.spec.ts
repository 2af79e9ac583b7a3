import { readFile, truncate, writeFile } from 'node:fs/promises';
import type { Locator, Page, Route } from '@playwright/test';
import { ApiVisitor, call } from '../support/api';
import { drag, type NewFile, pasteFile, pdf, photo, place, png, textFile } from '../support/files';
import type { Server } from '../support/server';
import type { Side } from '../support/side';
import { expect, test } from '../support/test';
import { Visitor } from '../support/visitor';
import { answered } from '../support/watch';

/** Both directions: who writes, and who reads. */
const both = (visitor: Side, agent: Side): [Side, Side][] => [[visitor, agent], [agent, visitor]];

/** The small picture of a file in the tray. It has no name, as the file's name stands beside it. */
const thumbnail = (side: Side, name: string): Locator => side.upload(name).locator('img');

/** A picture is on the screen, this wide when it is not fitted. */
async function isLoaded(image: Locator, width: number): Promise<void> {
  await expect(image).toBeInViewport();
  await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(width);
}

test('files picked with the button arrive on the other side: pictures inline, others as cards', async ({ chat: { visitor, agent } }) => {
  for (const [writer, reader] of both(visitor, agent)) {
    const who = writer === visitor ? 'visitor' : 'agent';
    const [shot, list] = [png(`shot of ${who}.png`, 640, 400), pdf(`prices for ${who}.pdf`)];
    await writer.attach(shot, list);
    await writer.hasStored(shot.name, list.name);
    await isLoaded(thumbnail(writer, shot.name), 640);
    await expect(thumbnail(writer, list.name)).toHaveCount(0);
    await writer.box.fill(`Two files by ${who}`);
    await writer.box.press('Enter');
    await expect(writer.tray).toBeHidden();

    for (const side of [reader, writer]) {
      await side.hears(`Two files by ${who}`);
      await side.showsPicture(shot.name, [640, 400], [280, 175]);
      await expect(side.file(list.name)).toContainText('2.0 kB');
      await expect(side.message(`Two files by ${who}`).getByRole('img', { name: shot.name })).toHaveCount(1);
    }
    const saving = reader.page.waitForEvent('download');
    await reader.file(list.name).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe(list.name);
    expect(await readFile(await saved.path())).toEqual(list.buffer);
  }
});

test('files alone are a message, and stay when the page is loaded again', async ({ chat: { visitor, agent } }) => {
  await visitor.attach(png('first.png', 40, 30));
  await visitor.attach(png('second.png', 30, 40));
  await visitor.hasStored('first.png', 'second.png');
  await visitor.send.click();
  const images = agent.log.getByRole('article').getByRole('list', { name: '2 images' });
  await expect(images.getByRole('img')).toHaveCount(2);
  await agent.showsPicture('first.png', [40, 30], [40, 30]);
  await agent.showsPicture('second.png', [30, 40], [30, 40]);
  for (const side of [visitor, agent]) {
    await side.page.reload();
    await side.showsPicture('second.png', [30, 40], [30, 40]);
  }
});

test('files that are not sent yet are there after a reload, and go with the message, once', async ({ chat: { visitor, agent } }) => {
  await visitor.attach(png('shot.png', 640, 400), pdf('prices.pdf'), pdf('not this one.pdf'));
  await visitor.hasStored('shot.png', 'prices.pdf', 'not this one.pdf');
  await visitor.upload('not this').getByRole('button', { name: 'Remove not this one.pdf' }).click();
  await visitor.box.fill('Two files');
  await visitor.page.reload();
  await visitor.hasStored('shot.png', 'prices.pdf');
  await visitor.holds('Two files');
  await isLoaded(thumbnail(visitor, 'shot.png'), 640);
  await expect(visitor.upload('prices.pdf')).toContainText('2.0 kB');

  const other = new Visitor(await visitor.page.context().newPage());
  await other.visit();
  await other.openChat();
  await other.hasStored('shot.png', 'prices.pdf');
  await visitor.send.click();
  await agent.hears('Two files');
  await agent.showsPicture('shot.png', [640, 400], [280, 175]);
  await expect(agent.file('prices.pdf')).toBeVisible();
  await expect(other.tray).toHaveCount(0);
  await visitor.page.reload();
  await visitor.hears('Two files');
  await expect(visitor.tray).toHaveCount(0);
});

test('a file that was not sent in time is gone after a reload, and what is there stays', async ({ chat: { visitor, agent } }) => {
  await visitor.attach(pdf('old.pdf'), pdf('new.pdf'));
  await visitor.hasStored('old.pdf', 'new.pdf');
  const [old] = await visitor.face.locator('body').evaluate(() => {
    const key = Object.keys(localStorage).find((key) => key.endsWith('.files'))!;
    return JSON.parse(localStorage[key]).map(({ id }: { id: string }) => id);
  });
  await visitor.page.route('**/api/visitor/file-links', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: (await response.json()).filter(({ id }: { id: string }) => id !== old) });
  });
  await visitor.page.reload();
  await visitor.hasStored('new.pdf');
  await visitor.send.click();
  await expect(agent.file('new.pdf')).toBeVisible();
  await expect(agent.file('old.pdf')).toHaveCount(0);
});

test('a picture is shown large, beside its neighbours', async ({ chat: { visitor, agent } }) => {
  await agent.attach(png('one.png', 800, 600), png('two.png', 600, 800));
  await agent.hasStored('one.png', 'two.png');
  await agent.send.click();
  await visitor.picture('one.png').click();
  const viewer = visitor.face.getByRole('dialog', { name: 'Image' });
  const shown = (name: string) => viewer.getByRole('img', { name });
  await isLoaded(shown('one.png'), 800);
  await visitor.page.keyboard.press('ArrowRight');
  await expect(shown('two.png')).toBeVisible();
  const saving = visitor.page.waitForEvent('download');
  await viewer.getByRole('link', { name: 'Download' }).click();
  expect((await saving).suggestedFilename()).toBe('two.png');
  await visitor.page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await expect(visitor.log.getByRole('link', { name: 'one.png' })).toBeFocused();
});

test('an agent looks at the pictures of a visitor one after the other, and comes back to where they were', async ({ chat: { visitor, agent } }) => {
  await visitor.attach(png('one.png', 800, 600), png('two.png', 600, 800));
  await visitor.hasStored('one.png', 'two.png');
  await visitor.send.click();
  await agent.picture('one.png').click();
  const viewer = agent.page.getByRole('dialog', { name: 'Image' });
  const button = (name: string) => viewer.getByRole('button', { name });
  await expect(viewer).toBeFocused();
  await isLoaded(viewer.getByRole('img', { name: 'one.png' }), 800);
  await expect(viewer).toContainText('1 of 2');
  await expect(button('Previous image')).toBeHidden();

  await button('Next image').click();
  await isLoaded(viewer.getByRole('img', { name: 'two.png' }), 600);
  await expect(viewer).toContainText('2 of 2');
  await expect(button('Next image')).toBeHidden();
  await agent.page.keyboard.press('ArrowLeft');
  await expect(viewer.getByRole('img', { name: 'one.png' })).toBeVisible();
  await agent.page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await expect(agent.log.getByRole('link', { name: 'one.png' })).toBeFocused();
  await expect(agent.endDialog).toBeHidden();
});

test('an image is pasted into the box, on both sides', async ({ chat: { visitor, agent } }) => {
  for (const [writer, reader] of both(visitor, agent)) {
    const name = writer === visitor ? 'by visitor.png' : 'by agent.png';
    await writer.box.fill('Look:');
    await pasteFile(writer.box, png(name, 64, 48));
    await writer.hasStored(name);
    await writer.holds('Look:');
    await writer.box.press('Enter');
    await reader.showsPicture(name, [64, 48], [64, 48]);
    await writer.holds('');
  }
});

test('files are dropped onto the conversation, on both sides, and nowhere else', async ({ chat: { visitor, agent } }) => {
  for (const [writer, reader] of both(visitor, agent)) {
    const who = writer === visitor ? 'visitor' : 'agent';
    const files = [png(`dropped by ${who}.png`, 64, 48), textFile(`dropped by ${who}.txt`, 'Notes')];
    await drag(writer.log, files, false);
    await expect(writer.face.getByText('Drop files here')).toBeVisible();
    await drag(writer.log, files, true);
    await expect(writer.face.getByText('Drop files here')).toBeHidden();
    await writer.hasStored(...files.map(({ name }) => name));
    await writer.send.click();
    await reader.showsPicture(`dropped by ${who}.png`, [64, 48], [64, 48]);
    await expect(reader.file(`dropped by ${who}.txt`)).toContainText('5 B');
  }
  await drag(agent.box, [png('into the text.png', 64, 48)], true);
  await agent.hasStored('into the text.png');
  await drag(agent.page.getByRole('navigation', { name: 'Main' }), [png('beside it.png', 64, 48)], true);
  await agent.hasStored('into the text.png');
});

/** Holds back the bytes of uploads from this page; `release` lets them go, and all that come later. */
async function holdUploads(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let open = false;
  await page.route('**/files/**', async (route) => {
    if (open || route.request().method() !== 'PUT') return route.continue();
    held.push(route);
  });
  return async () => {
    open = true;
    await Promise.all(held.map((route) => route.continue()));
  };
}

test('a message waits for its files, and nobody hears of it before they are there', async ({ chat: { visitor, agent } }) => {
  for (const [writer, reader] of both(visitor, agent)) {
    const who = writer === visitor ? 'visitor' : 'agent';
    const name = `slow by ${who}.png`;
    const release = await holdUploads(writer.page);
    await writer.attach(png(name, 64, 48));
    await expect(writer.tray.getByRole('progressbar', { name: `Uploading ${name}` })).toBeVisible();
    await writer.box.fill(`With a file by ${who}`);
    await writer.box.press('Enter');
    // It would have come before this, if it had been sent.
    await reader.say(`Still waiting for ${who}`);
    await writer.hears(`Still waiting for ${who}`);
    await expect(writer.message(`With a file by ${who}`)).toHaveCount(0);
    await expect(reader.message(`With a file by ${who}`)).toHaveCount(0);
    await writer.holds(`With a file by ${who}`);

    await release();
    await reader.hears(`With a file by ${who}`);
    await reader.showsPicture(name, [64, 48], [64, 48]);
    await writer.holds('');
    const order = [`Still waiting for ${who}`, `With a file by ${who}`];
    expect((await reader.order(order)).filter((text) => order.includes(text))).toEqual(order);
  }
});

test('what an agent has written and attached stays with its chat while they look at another one', async ({ chat: { visitor, agent }, server }) => {
  await agent.attach(png('shot.png', 64, 48), pdf('prices.pdf'));
  await agent.hasStored('shot.png', 'prices.pdf');
  await agent.box.fill('Two files for you');
  await new ApiVisitor(server).start('Moin', { name: 'Otto' });
  await agent.accept('Otto');
  await agent.hears('Moin');
  await agent.holds('');
  await expect(agent.tray).toBeHidden();
  await visitor.say('Are you still there?');

  await agent.openChat('Vera');
  for (const text of ['Hello', 'Are you still there?']) await agent.hears(text);
  await agent.holds('Two files for you');
  await agent.hasStored('shot.png', 'prices.pdf');
  await isLoaded(thumbnail(agent, 'shot.png'), 64);
  await agent.box.press('Enter');
  await visitor.hears('Two files for you');
  await visitor.showsPicture('shot.png', [64, 48], [64, 48]);
  await expect(visitor.file('prices.pdf')).toBeVisible();
  await agent.holds('');
  await expect(agent.tray).toBeHidden();
  await agent.openChat('Otto');
  await agent.hears('Moin');
  await expect(agent.message('Two files for you')).toHaveCount(0);
});

test('a message that waits for its files goes out once, wherever the agent looks meanwhile', async ({ chat: { visitor, agent }, server }) => {
  const begin = async (words: string, name: string) => {
    const release = await holdUploads(agent.page);
    await agent.attach(png(name, 64, 48));
    await expect(agent.tray.getByRole('progressbar', { name: `Uploading ${name}` })).toBeVisible();
    await agent.box.fill(words);
    await agent.box.press('Enter');
    await expect(agent.page.getByText('Sends when the files are there')).toBeVisible();
    return release;
  };
  const arrives = async (words: string, name: string) => {
    await visitor.hears(words);
    await expect(visitor.message(words).getByRole('img', { name })).toHaveCount(1);
  };
  const release = await begin('Sent while away', 'away.png');
  await new ApiVisitor(server).start('Moin', { name: 'Otto' });
  await agent.accept('Otto');
  await agent.hears('Moin');
  await agent.box.pressSequentially('For Otto');
  await release();
  await arrives('Sent while away', 'away.png');
  await agent.holds('For Otto');
  await agent.openChat('Vera');
  await agent.hears('Sent while away');
  await agent.holds('');
  await expect(agent.tray).toBeHidden();

  const releaseAgain = await begin('Sent after coming back', 'back.png');
  await agent.openChat('Otto');
  await agent.holds('For Otto');
  await agent.openChat('Vera');
  await agent.holds('Sent after coming back');
  await releaseAgain();
  await arrives('Sent after coming back', 'back.png');
  await agent.holds('');
  await expect(agent.tray).toBeHidden();
  // What would be sent twice would have come before this.
  await agent.box.press('Enter');
  await agent.say('Did you get both?');
  await visitor.hears('Did you get both?');
  for (const side of [visitor, agent]) {
    for (const words of ['Sent while away', 'Sent after coming back']) await side.hears(words);
  }
  await agent.openChat('Otto');
  await agent.holds('For Otto');
});

test('an upload can be cancelled, and what is stored removed again', async ({ chat: { visitor, agent } }) => {
  await visitor.attach(textFile('not this.txt', 'x'));
  await visitor.hasStored('not this.txt');
  await visitor.tray.getByRole('button', { name: 'Remove not this.txt' }).click();
  await expect(visitor.tray).toBeHidden();

  await holdUploads(visitor.page);
  await visitor.attach(png('never.png', 64, 48));
  await visitor.box.fill('Without it');
  await visitor.box.press('Enter');
  await visitor.tray.getByRole('button', { name: 'Cancel never.png' }).click();
  await agent.hears('Without it');
  await expect(visitor.tray).toBeHidden();
  await expect(agent.message('Without it').getByRole('img', { name: 'never.png' })).toHaveCount(0);
  await expect(agent.file('not this.txt')).toHaveCount(0);
});

/** The next `times` that this page sends a file come to nothing. */
async function breakUploads(page: Page, times: number): Promise<void> {
  let left = times;
  await page.route('**/files/**', (route) =>
    route.request().method() === 'PUT' && left-- > 0 ? route.abort('connectionreset') : route.continue(),
  );
}
const uploadBroke = /^console error: Failed to load resource: net::ERR_CONNECTION_RESET .*\/files\//;

test('an upload that breaks is tried again by itself, and its message goes after it', async ({ chat: { visitor, agent }, watch }) => {
  watch.expect(uploadBroke);
  for (const [writer, reader] of both(visitor, agent)) {
    const name = writer === visitor ? 'broken by visitor.png' : 'broken by agent.png';
    await breakUploads(writer.page, 3);
    await writer.attach(png(name, 64, 48));
    await writer.box.fill('Here it is');
    await writer.box.press('Enter');
    await expect(writer.upload(name)).toContainText('Trying again…');
    await expect(writer.upload(name).getByRole('button', { name: 'Retry' })).toBeVisible();
    await writer.holds('Here it is');
    await expect(writer.face.getByText('A file could not be sent.')).toHaveCount(0);

    await reader.showsPicture(name, [64, 48], [64, 48]);
    await expect(writer.message('Here it is').getByRole('img', { name })).toHaveCount(1);
    await expect(reader.message('Here it is').getByRole('img', { name })).toHaveCount(1);
    await writer.holds('');
    await writer.page.unroute('**/files/**');
    await writer.say(`Good, ${name} is there`);
    await reader.hears(`Good, ${name} is there`);
  }
});

test('an upload that stays broken waits for a person, and its message with it', async ({ chat: { visitor, agent }, watch }) => {
  watch.expect(uploadBroke);
  await breakUploads(visitor.page, 6);
  await visitor.attach(png('stubborn.png', 64, 48));
  await visitor.box.fill('Here it is');
  await visitor.box.press('Enter');
  // After 5 tries, each later than the one before.
  await expect(visitor.upload('stubborn.png').getByRole('alert')).toHaveText('The connection broke while it was sent.', { timeout: 40_000 });
  await expect(visitor.face.getByText('A file could not be sent. Try it again or remove it.')).toBeVisible();
  await visitor.holds('Here it is');
  await expect(agent.message('Here it is')).toHaveCount(0);

  await visitor.upload('stubborn.png').getByRole('button', { name: 'Retry' }).click();
  await agent.showsPicture('stubborn.png', [64, 48], [64, 48]);
  await expect(agent.message('Here it is')).toHaveCount(1);
  await visitor.holds('');
  await expect(visitor.face.getByText('A file could not be sent.')).toHaveCount(0);
});

test('what is too large or too many is said at once', async ({ chat: { visitor, agent } }, info) => {
  const large = info.outputPath('film.mp4');
  await writeFile(large, '');
  await truncate(large, 21_000_000);
  const empty = textFile('empty.txt', '');
  const asked: string[] = [];
  for (const side of [visitor, agent]) {
    side.page.on('request', (request) => {
      if (/upload|\/files\//.test(request.url())) asked.push(request.url());
    });
    await side.attach(large);
    await expect(side.upload('film.mp4').getByRole('alert')).toHaveText('This file is too large: 20 MB are possible.');
    await expect(side.upload('film.mp4').getByRole('button', { name: 'Retry' })).toHaveCount(0);
    await side.attach(empty);
    await expect(side.upload('empty.txt').getByRole('alert')).toHaveText('This file is empty.');
    await side.tray.getByRole('button', { name: 'Remove film.mp4' }).click();
    await side.tray.getByRole('button', { name: 'Remove empty.txt' }).click();
    await expect(side.tray).toBeHidden();
  }
  expect(asked).toEqual([]);

  const many = Array.from({ length: 11 }, (_, n) => textFile(`note ${n}.txt`, 'x'));
  await visitor.attach(...many);
  await expect(visitor.face.getByText('A message can have 10 files.')).toBeVisible();
  await expect(visitor.tray.getByRole('listitem')).toHaveCount(10);
  await visitor.send.click();
  await expect(agent.file('note 9.txt')).toBeVisible();
  await expect(agent.log.getByRole('link', { name: /note \d+\.txt/ })).toHaveCount(10);
});

test('programs and pages are refused in words, whatever they are called', async ({ chat: { visitor, agent }, watch }) => {
  watch.expect(answered(422, '/files/'));
  const page = '<!doctype html><script>alert(1)</script>';
  const refused: NewFile[] = [
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from(page) },
    { name: 'picture.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
    { name: 'setup.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ'.padEnd(400, '\0')) },
    { name: 'setup.png', mimeType: 'image/png', buffer: Buffer.from('MZ'.padEnd(400, '\0')) },
  ];
  for (const [writer, reader] of both(visitor, agent)) {
    for (const file of refused) {
      await writer.attach(file);
      await expect(writer.upload(file.name).getByRole('alert')).toContainText('cannot be sent, because files of this kind are not allowed');
      await writer.tray.getByRole('button', { name: `Remove ${file.name}` }).click();
      await expect(writer.tray).toBeHidden();
    }
    await writer.attach({ name: 'damaged.png', mimeType: 'image/png', buffer: png('', 64, 48).buffer.subarray(0, 50) });
    await expect(writer.upload('damaged.png').getByRole('alert')).toHaveText('This picture cannot be read. It may be damaged.');
    await writer.tray.getByRole('button', { name: 'Remove damaged.png' }).click();
    const afterwards = writer === visitor ? 'Never mind' : 'So be it';
    await writer.say(afterwards);
    await reader.hears(afterwards);
  }
});

/** Where a picture or a file of the conversation comes from. */
async function sourceOf(side: Side, name: string): Promise<string> {
  const image = side.picture(name);
  const [element, attribute] = (await image.count()) ? [image, 'src'] : [side.file(name), 'href'];
  await expect(element).toHaveAttribute(attribute, /^\/files\//);
  return (await element.getAttribute(attribute))!;
}

async function bytesOf(server: Server, path: string): Promise<Buffer> {
  const answer = await fetch(server.url + path);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

test('pictures arrive without what was hidden in them', async ({ chat: { visitor, agent }, server }) => {
  const script = '<script>alert(document.domain)</script>';
  const polyglot = png('polyglot.png', 64, 48, script);
  const taken = await photo(visitor.page, 'photo.jpg', 320, 200);
  expect(taken.buffer.includes(place)).toBe(true);
  await visitor.attach(polyglot, taken);
  await visitor.hasStored('polyglot.png', 'photo.jpg');
  await visitor.send.click();

  // The photo was taken with the telephone turned, and is shown upright.
  await agent.showsPicture('photo.jpg', [200, 320], [175, 280]);
  const photoBytes = await bytesOf(server, await sourceOf(agent, 'photo.jpg'));
  expect(photoBytes.includes(place)).toBe(false);
  expect(photoBytes.includes('Exif')).toBe(false);

  await agent.showsPicture('polyglot.png', [64, 48], [64, 48]);
  const polyglotBytes = await bytesOf(server, await sourceOf(agent, 'polyglot.png'));
  expect(polyglotBytes.includes('script')).toBe(false);
  expect(polyglotBytes.subarray(-8, -4).toString()).toBe('IEND');
});

test('a file is served as what it is, to be saved, without any rights', async ({ chat: { visitor, agent }, server }) => {
  await visitor.attach(textFile('Größe "1" <b>.txt', '<script>alert(1)</script>'), png('shot.png', 64, 48), pdf('offer.pdf'));
  await expect(visitor.tray.getByRole('button', { name: /^Remove/ })).toHaveCount(3);
  await visitor.send.click();
  await agent.showsPicture('shot.png', [64, 48], [64, 48]);
  for (const [name, type, disposition] of [
    ['Größe 1 b.txt', 'text/plain', /^attachment;.*filename\*=UTF-8''Gr%C3%B6%C3%9Fe%201%20b\.txt$/],
    ['offer.pdf', 'application/pdf', /^attachment;.*filename="offer\.pdf"/],
    ['shot.png', 'image/png', /^inline;.*filename="shot\.png"/],
  ] as const) {
    const { status, headers } = await fetch(server.url + (await sourceOf(agent, name)));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toMatch(disposition);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('allow-');
  }
});

test('a file that is called like code is only a name', async ({ chat: { visitor, agent } }) => {
  const name = '<img src=x onerror=window.owned=true>.txt';
  await visitor.attach(textFile(name, 'x'));
  await expect(visitor.tray.getByRole('button', { name: /^Remove/ })).toBeVisible();
  await visitor.send.click();
  const card = agent.file('onerror');
  await expect(card).toBeVisible();
  await expect(card.locator('img')).toHaveCount(0);
  for (const side of [visitor, agent]) expect(await side.log.evaluate(() => 'owned' in window)).toBe(false);
});

/** Uploads a file without a browser; returns its id. */
async function upload(server: Server, visitor: ApiVisitor, chat: number, file: NewFile): Promise<string> {
  const { name, buffer } = file;
  const opened = await call(server, 'visitor/upload', { chat, name, size: buffer.length }, { token: visitor.token });
  expect(opened.status).toBe(200);
  const stored = await put(server, opened.body, buffer, visitor.token);
  expect(stored.status).toBe(200);
  return opened.body;
}

async function put(server: Server, id: string, body: Buffer, token?: string): Promise<Response> {
  const headers = token ? { authorization: `Bearer ${token}` } : undefined;
  return fetch(`${server.url}/files/${id}`, { method: 'PUT', body: new Uint8Array(body), headers });
}

test('files belong to their chat: others get neither a link nor a place in it', async ({ server, apiAgent }) => {
  const [vera, eve] = [new ApiVisitor(server), new ApiVisitor(server)];
  const [veras, eves] = [await vera.start('Mine'), await eve.start('Mine too')];
  const shot = png('shot.png', 64, 48);
  const links = (token: string, chat: number, ...files: string[]) => call(server, 'visitor/file-links', { chat, files }, { token });

  // Opened, but not there yet.
  const { body: pending } = await call(server, 'visitor/upload', { chat: veras, name: 'a.png', size: shot.buffer.length }, { token: vera.token });
  expect(await vera.command(veras, { type: 'send', text: [], attachments: [pending] })).toMatchObject({
    status: 422,
    body: { refusal: { reason: 'unknown_file' } },
  });
  expect((await links(vera.token, veras, pending)).body).toEqual([]);
  for (const stranger of [eve.token, 'A'.repeat(43), undefined]) {
    expect([401, 404]).toContain((await put(server, pending, shot.buffer, stranger)).status);
  }
  expect((await put(server, pending, Buffer.concat([shot.buffer, shot.buffer]), vera.token)).status).toBe(422);

  // There, but in no message yet: only its uploader's.
  const file = await upload(server, vera, veras, shot);
  expect((await links(vera.token, veras, file)).body).toHaveLength(1);
  expect((await apiAgent.call('agent/file-links', { chat: veras, files: [file] })).body).toEqual([]);
  expect(await eve.command(eves, { type: 'send', text: [], attachments: [file] })).toMatchObject({
    status: 422,
    body: { refusal: { reason: 'unknown_file' } },
  });

  expect((await vera.command(veras, { type: 'send', text: [], attachments: [file] })).status).toBe(200);
  expect((await apiAgent.call('agent/file-links', { chat: veras, files: [file] })).body).toHaveLength(1);
  expect(await links(eve.token, veras, file)).toMatchObject({ status: 404, body: { error: 'no_such_chat' } });
  expect((await links(eve.token, eves, file)).body).toEqual([]);
  expect((await call(server, 'visitor/file-links', { chat: veras, files: [file] })).status).toBe(401);
  expect((await call(server, 'agent/file-links', { chat: veras, files: [file] })).status).toBe(401);
  expect((await call(server, 'visitor/upload', { chat: veras, name: 'a.png', size: 9 }, { token: eve.token })).status).toBe(404);
  const large = await call(server, 'visitor/upload', { chat: veras, name: 'a.png', size: 21_000_000 }, { token: vera.token });
  expect(large).toMatchObject({ status: 413, body: { refusal: { reason: 'file_too_large', max: 20_000_000 } } });
});

test('a link to a file works only as it was made', async ({ server, apiAgent: _ }) => {
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello');
  const [file, other] = [await upload(server, vera, chat, png('a.png', 64, 48)), await upload(server, vera, chat, png('b.png', 48, 64))];
  const { body } = await call(server, 'visitor/file-links', { chat, files: [file] }, { token: vera.token });
  const [{ url, download }] = body;
  const [shown, saved] = await Promise.all([url, download].map((path: string) => fetch(server.url + path)));
  expect([shown.status, saved.status]).toEqual([200, 200]);
  expect(saved.headers.get('content-disposition')).toMatch(/^attachment/);

  const changed = (change: (url: URL) => void) => {
    const address = new URL(url, server.url);
    change(address);
    return address.href;
  };
  const signature = new URL(url, server.url).searchParams.get('signature')!;
  const until = Number(new URL(url, server.url).searchParams.get('until'));
  for (const forged of [
    changed(({ searchParams }) => searchParams.set('signature', signature.slice(0, -1) + (signature.endsWith('A') ? 'B' : 'A'))),
    changed(({ searchParams }) => searchParams.set('signature', signature.slice(0, -1))),
    changed(({ searchParams }) => searchParams.set('signature', '')),
    changed(({ searchParams }) => searchParams.delete('signature')),
    changed(({ searchParams }) => searchParams.set('until', String(until + 60_000))),
    changed(({ searchParams }) => searchParams.set('save', '1')),
    changed((address) => (address.pathname = `/files/${other}`)),
    `${server.url}/files/${file}`,
  ]) {
    const answer = await fetch(forged);
    expect([400, 403, 404, 422], forged).toContain(answer.status);
    expect(answer.headers.get('content-type'), forged).not.toContain('image');
  }
});
