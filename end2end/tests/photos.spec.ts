import type { Locator, Page } from '@playwright/test';
import { ApiAgent, ApiVisitor, call } from '../support/api';
import { isAccessible } from '../support/axe';
import { type NewFile, png } from '../support/files';
import type { Server } from '../support/server';
import { accountOf, expect, test } from '../support/test';
import { answered } from '../support/watch';

/** The page on which agents look after their own photo. */
async function openProfile(page: Page): Promise<Locator> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Your profile' }).click();
  await expect(page.getByRole('heading', { name: 'Profile', level: 1 })).toBeVisible();
  return page.getByRole('group', { name: 'Photo' });
}

async function choose(field: Locator, button: string, file: NewFile): Promise<void> {
  const chooser = field.page().waitForEvent('filechooser');
  await field.getByRole('button', { name: button }).click();
  await (await chooser).setFiles(file);
}

/** A photo is decoration: it has no name by which it could be found. */
const photoIn = (part: Locator) => part.locator('.avatar > img');

/** Waits until the photo is there, and says how large it is. */
async function sizeOf(photo: Locator): Promise<number[]> {
  await expect.poll(() => photo.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(128);
  return photo.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
}

test('an agent\'s photo is seen by colleagues and by the visitor, and without it there are initials', async ({ agent, visitor, watch }) => {
  const { page } = agent;
  const field = await openProfile(page);
  await choose(field, 'Upload photo', png('me.png', 400, 200));
  await expect(field.getByRole('status')).toHaveText('The photo was saved.');
  expect(await sizeOf(photoIn(field))).toEqual([128, 128]);
  await isAccessible(page, 'the profile', { widths: [1440, 390] });
  expect(await sizeOf(photoIn(page.getByRole('navigation', { name: 'Main' })).first())).toEqual([128, 128]);

  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await agent.say('Good morning');
  await visitor.hears('Good morning');
  const message = visitor.log.getByRole('article', { name: 'Anna Berg' });
  const head = visitor.face.locator('header');
  for (const part of [head, message]) {
    expect(await sizeOf(photoIn(part))).toEqual([128, 128]);
    await expect(photoIn(part)).toHaveAttribute('alt', '');
    await expect(photoIn(part)).toHaveAttribute('src', /^\/photos\/[0-9a-f-]{36}$/);
  }
  const before = await head.locator('.avatar').boundingBox();

  // The file is gone; what was written keeps its place, with initials.
  watch.expect(answered(404, '/photos/'));
  await visitor.page.route('**/photos/*', (route) => route.fulfill({ status: 404 }));
  await visitor.page.reload();
  await visitor.hears('Good morning');
  for (const part of [head, message]) {
    await expect(photoIn(part)).toBeHidden();
    await expect(part.locator('.avatar')).toHaveText('AB');
  }
  expect(await head.locator('.avatar').boundingBox()).toEqual(before);
});

test('a photo is changed and removed, and the former one is gone', async ({ agent, server }) => {
  const { page } = agent;
  const field = await openProfile(page);
  await choose(field, 'Upload photo', png('me.png', 400, 200));
  await sizeOf(photoIn(field));
  const first = (await photoIn(field).getAttribute('src'))!;
  await choose(field, 'Change photo', png('again.png', 90, 300));
  await expect(photoIn(field)).not.toHaveAttribute('src', first);
  const second = (await photoIn(field).getAttribute('src'))!;
  await expect.poll(async () => (await fetch(server.url + first)).status).toBe(404);
  await field.getByRole('button', { name: 'Remove photo' }).click();
  await expect(field.getByRole('status')).toHaveText('The photo was removed.');
  await expect(photoIn(field)).toHaveCount(0);
  await expect(field.getByRole('button', { name: 'Upload photo' })).toBeVisible();
  expect((await fetch(server.url + second)).status).toBe(404);
});

test('what is no picture is refused in words', async ({ agent, watch }) => {
  const field = await openProfile(agent.page);
  watch.expect(answered(422, '/agents/'));
  await choose(field, 'Upload photo', { name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('<svg onload="alert(1)"></svg>') });
  await expect(field.getByRole('alert')).toBeVisible();
  await expect(photoIn(field)).toHaveCount(0);
});

test('an admin looks after the photos of others', async ({ admin, newAgent }) => {
  const ben = await newAgent('Ben Okafor');
  const { page } = admin;
  await page.goto('/console/settings/agents');
  await page.getByRole('button', { name: 'Edit Ben Okafor' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit agent' });
  const field = dialog.getByRole('group', { name: 'Photo' });
  await choose(field, 'Upload photo', png('ben.png', 64, 64));
  expect(await sizeOf(photoIn(field))).toEqual([128, 128]);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  const row = page.getByRole('table', { name: 'Agents' }).getByRole('row').filter({ hasText: 'ben@example.com' });
  expect(await sizeOf(photoIn(row))).toEqual([128, 128]);
  await expect(photoIn(ben.page.getByRole('navigation', { name: 'Main' })).first()).toBeVisible();
});

/** Puts a picture in the place of an agent's photo, as a program would. */
async function put(server: Server, agent: number, body: Buffer, headers: Record<string, string>) {
  const answer = await fetch(`${server.url}/agents/${agent}/photo`, { method: 'PUT', body: new Uint8Array(body), headers });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

test('nothing but a picture becomes a photo, and nobody but its agent or an admin changes it', async ({ server, apiAgent }) => {
  const { id } = (await apiAgent.call('agent/me', {})).body.agent;
  const { cookie } = apiAgent;
  const good = png('me.png', 300, 300).buffer;
  await server.agentAdd({ ...accountOf('Ada Boss'), role: 'admin' });
  await server.agentAdd(accountOf('Ben Okafor'));
  const ada = await ApiAgent.logIn(server, accountOf('Ada Boss'));
  const ben = await ApiAgent.logIn(server, accountOf('Ben Okafor'));

  expect((await put(server, id, good, {})).status).toBe(401);
  expect((await put(server, id, good, { cookie: ben.cookie })).status).toBe(403);
  expect((await put(server, id, good, { cookie, origin: 'https://evil.example' })).status).toBe(403);
  expect((await put(server, 999_999, good, { cookie: ada.cookie })).status).toBe(404);
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  for (const other of [svg, Buffer.from('GIF89a<script>alert(1)</script>'), good.subarray(0, good.length / 2), Buffer.alloc(0)]) {
    expect((await put(server, id, other, { cookie })).status).toBe(422);
  }
  const large = await put(server, id, Buffer.concat([good, Buffer.alloc(10_000_001)]), { cookie });
  expect(large).toMatchObject({ status: 413, body: { refusal: { reason: 'file_too_large' } } });
  expect((await apiAgent.call('agent/me', {})).body.agent.photo).toBeUndefined();

  const polyglot = png('me.png', 300, 300, '<script>alert(1)</script>').buffer;
  const { status, body: photo } = await put(server, id, polyglot, { cookie });
  expect(status).toBe(200);
  expect((await apiAgent.call('agent/me', {})).body.agent.photo).toBe(photo);
  const served = await fetch(`${server.url}/photos/${photo}`);
  const said = (name: string) => served.headers.get(name);
  expect([served.status, said('content-type'), said('x-content-type-options')]).toEqual([200, 'image/jpeg', 'nosniff']);
  expect(said('cache-control')).toContain('immutable');
  const bytes = Buffer.from(await served.arrayBuffer());
  expect(bytes.length).toBeLessThan(20_000);
  expect(bytes.includes('script')).toBe(false);
  expect((await put(server, id, good, { cookie: ada.cookie })).status).toBe(200);

  // The files of chats are in the same place, and are no photos.
  const visitor = new ApiVisitor(server);
  const chat = await visitor.start('Hello');
  const upload = await call(server, 'visitor/upload', { chat, name: 'a.png', size: good.length }, { token: visitor.token });
  const headers = { authorization: `Bearer ${visitor.token}` };
  expect((await fetch(`${server.url}/files/${upload.body}`, { method: 'PUT', body: new Uint8Array(good), headers })).status).toBe(200);
  expect((await fetch(`${server.url}/photos/${upload.body}`)).status).toBe(404);
});
