import { ApiAgent, ApiVisitor, call, text } from '../support/api';
import { backgroundOf } from '../support/colour';
import { expect, test } from '../support/host';
import { accountOf } from '../support/test';
import { Visitor } from '../support/visitor';

test('an admin adds a site; its websites alone may show its chat, and agents read from where a chat comes', async ({ admin, server }) => {
  const { page } = admin;
  await page.goto('/console/settings/sites');
  await expect(page.getByRole('heading', { name: 'No sites yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Add site' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add site' });
  const field = (name: string) => dialog.getByRole('textbox', { name, exact: true });
  const add = dialog.getByRole('button', { name: 'Add site' });
  await field('Name').fill('Shop');
  await field('Key').fill('a b');
  await add.click();
  await expect(dialog.getByText('A key has letters, digits and hyphens')).toBeVisible();
  await expect(field('Key')).toBeFocused();
  await field('Key').fill('shop');
  await field('Websites').fill('https://shop.example, https://www.shop.example');
  await field('Greeting').fill('<img src=x onerror=owned=1>');
  await add.click();
  await expect(page.getByRole('table', { name: 'Sites' })).toContainText('data-site="shop"');

  const widget = await fetch(`${server.url}/widget?site=shop`);
  const policy = widget.headers.get('content-security-policy');
  expect(policy).toContain("frame-ancestors 'self' https://shop.example https://www.shop.example");
  const state = await call(server, 'visitor/state', { site: 'shop' }, { token: new ApiVisitor(server).token });
  expect(state.body.site.greeting).toBe('<img src=x onerror=owned=1>');

  const command = { type: 'start', name: 'Vera', text: text('Hello') };
  const body = { chat: null, id: crypto.randomUUID(), command, introduction: { site: 'shop' } };
  await call(server, 'visitor/command', body, { token: new ApiVisitor(server).token });
  await admin.accept('Vera');
  await page.getByRole('tab', { name: 'Visitor information' }).click();
  const term = page.getByRole('term').filter({ hasText: /^Site$/ });
  await expect(term.locator('xpath=following-sibling::dd')).toHaveText('Shop');

  const message = { id: crypto.randomUUID(), name: 'Tom', email: 'tom@example.com', department: null, text: text('Call me') };
  const left = await call(server, 'visitor/leave-message', { ...message, introduction: { site: 'shop' } }, { token: new ApiVisitor(server).token });
  await page.goto('/console/tickets');
  await expect(page.getByRole('row').filter({ hasText: 'Call me' })).toContainText('Shop');
  await page.goto(`/console/tickets/${left.body}`);
  await expect(term.locator('xpath=following-sibling::dd')).toHaveText('Shop');

  await page.goto('/console/settings/sites');
  await page.getByRole('button', { name: 'Delete Shop' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No sites yet' })).toBeVisible();
});

test('a website that names its site has that one\'s colour, texts and departments, and no other website does', async ({ host, server, browserOf, watch }) => {
  const account = { ...accountOf('Ada Boss'), role: 'admin' as const };
  await server.agentAdd(account);
  const admin = await ApiAgent.logIn(server, account);
  const members = (await admin.call('agent/me', {})).body.agent.id;
  for (const name of ['Sales', 'Support', 'Press']) await admin.call('admin/departments/save', { id: null, name, members: [members] });
  const departments = (await admin.call('admin/departments', {})).body.filter(({ name }: { name: string }) => name !== 'Press').map(({ id }: { id: number }) => id);
  const form = { name: 'Shop', key: 'shop', origins: [host.url], color: '#ffe600', greeting: 'Welcome to our shop!', away: 'Back on Monday.', departments };
  expect((await admin.call('admin/sites/save', { id: null, form })).status).toBe(200);

  host.page = { attributes: 'data-site="shop"' };
  const yellow = [255, 230, 0];
  const socket = await admin.connect();
  const context = await browserOf({ baseURL: host.url });
  const visitor = new Visitor(await context.newPage());
  await visitor.visit('/');
  await visitor.openChat();
  await expect(visitor.face.getByText('Welcome to our shop!')).toBeVisible();
  await expect.poll(() => backgroundOf(visitor.face.getByRole('button', { name: 'Start chat' }))).toEqual(yellow);
  await expect.poll(() => backgroundOf(visitor.close)).toEqual(yellow);
  await expect(visitor.face.getByRole('combobox', { name: 'Department' }).getByRole('option')).toContainText(['Sales', 'Support']);
  await expect(visitor.face.getByRole('option', { name: 'Press' })).toHaveCount(0);

  socket.close();
  await admin.call('agent/available', { available: false });
  const late = new Visitor(await (await browserOf({ baseURL: host.url })).newPage());
  await late.visit('/');
  await late.openChat();
  await expect(late.face.getByText('Back on Monday.')).toBeVisible();

  watch.expect(/frame-ancestors/, /violates the following Content Security Policy/);
  const stranger = new Visitor(await context.newPage());
  const refused = stranger.page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
  await stranger.visit(`${host.otherUrl}/`);
  await stranger.openChat({ live: false });
  await refused;
  const beacon = (origin: string) => call(server, 'visitor/page-views', { token: null, site: 'shop', pages: [] }, { headers: { origin } });
  expect([(await beacon(host.otherUrl)).status, (await beacon(host.url)).status]).toEqual([403, 204]);
});

test('an agent who is no admin finds no sites, and the server refuses as well', async ({ agent, server }) => {
  await agent.page.goto('/console/settings/sites');
  await expect(agent.page.getByRole('heading', { name: 'Settings are for admins' })).toBeVisible();
  const cookie = (await agent.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const form = { name: 'Eve', key: 'eve' };
  for (const [path, body] of [['', {}], ['/save', { id: null, form }], ['/remove', { id: 1 }]] as const) {
    expect((await call(server, `admin/sites${path}`, body, { cookie })).status).toBe(403);
  }
});
