import { ApiVisitor, call, text } from '../support/api';
import { expect, test } from '../support/test';

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

  await page.goto('/console/settings/sites');
  await page.getByRole('button', { name: 'Delete Shop' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No sites yet' })).toBeVisible();
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
