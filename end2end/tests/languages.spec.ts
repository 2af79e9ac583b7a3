import type { BrowserContextOptions, FrameLocator } from '@playwright/test';
import { isAccessible } from '../support/axe';
import { expect, test } from '../support/test';
import type { Visitor } from '../support/visitor';
import { answered } from '../support/watch';

type NewVisitor = (options?: BrowserContextOptions) => Promise<Visitor>;

/** A visitor of a shop that is written in this language; an empty one says nothing of its language. */
async function inShopOf(newVisitor: NewVisitor, lang: string, options?: BrowserContextOptions): Promise<Visitor> {
  const visitor = await newVisitor(options);
  await visitor.page.route('**/demo', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace('lang="en"', lang && `lang="${lang}"`) });
  });
  await visitor.visit();
  return visitor;
}

const html = (face: FrameLocator) => face.locator('html');

test('a chat in German, from the form to the end', async ({ agent, newVisitor, watch }) => {
  watch.expect(answered(422, '/api/visitor/command'));
  const visitor = await inShopOf(newVisitor, 'de-AT');
  const { face } = visitor;
  await visitor.openChat();
  await expect(html(face)).toHaveAttribute('lang', 'de');
  await expect(visitor.page.getByRole('button', { name: 'Chat schließen' })).toBeVisible();
  await expect(visitor.page.getByRole('button', { name: 'Größe des Chats ändern' })).toBeVisible();
  await face.getByRole('textbox', { name: 'E-Mail' }).fill('keine Adresse');
  await face.getByRole('textbox', { name: 'Name' }).fill('Vera');
  await face.getByRole('textbox', { name: 'Nachricht' }).fill('Liefern Sie nach Wien?');
  await face.getByRole('button', { name: 'Chat starten' }).click();
  // What the rules refuse is said in German, too.
  await expect(face.getByText('ada@example.com')).toContainText('E-Mail');
  await face.getByRole('textbox', { name: 'E-Mail' }).fill('vera@example.com');
  await face.getByRole('button', { name: 'Chat starten' }).click();
  await agent.accept('Vera');
  await agent.say('Ja, morgen.');
  await expect(face.getByText('Ja, morgen.')).toBeVisible();
  await face.getByRole('button', { name: 'Chat beenden' }).click();
  await face.getByRole('alertdialog').getByRole('button', { name: 'Chat beenden' }).click();
  await expect(face.getByRole('button', { name: 'Neuen Chat starten' })).toBeVisible();
});

test('in Arabic everything reads from the right', async ({ apiAgent: _, newVisitor }) => {
  const visitor = await inShopOf(newVisitor, 'ar');
  await visitor.openChat();
  await expect(html(visitor.face)).toHaveAttribute('dir', 'rtl');
  await expect(visitor.page.getByTitle('الدردشة', { exact: true })).toBeVisible();
  const form = visitor.face.locator('form');
  await expect(form.getByRole('button')).toBeVisible();
  const frame = visitor.page.frames().find((frame) => frame.url().includes('/widget'))!;
  await isAccessible(visitor.page, 'the form in Arabic', { widths: [390], face: frame });
  const [label, field] = await Promise.all([form.locator('label').first().boundingBox(), form.locator('input:visible').first().boundingBox()]);
  expect(Math.abs(label!.x + label!.width - (field!.x + field!.width))).toBeLessThan(4);
});

test('where the website does not say, the browser does; and what nobody speaks is English', async ({ apiAgent: _, newVisitor }) => {
  const french = await inShopOf(newVisitor, '', { locale: 'fr-CA' });
  await french.openChat();
  await expect(html(french.face)).toHaveAttribute('lang', 'fr');
  const finnish = await inShopOf(newVisitor, 'fi', { locale: 'fi-FI' });
  await finnish.openChat();
  await expect(finnish.face.getByRole('button', { name: 'Start chat' })).toBeVisible();
});

test('a page that the server does not understand any more asks to be loaded again, in the language of the chat', async ({ agent, newVisitor }) => {
  const visitor = await inShopOf(newVisitor, 'de');
  await visitor.openChat();
  await visitor.face.getByRole('textbox', { name: 'Nachricht' }).fill('Liefern Sie nach Wien?');
  let refuse = (): unknown => undefined;
  await visitor.page.routeWebSocket('**/live', (page) => {
    const server = page.connectToServer();
    refuse = () => page.close({ code: 4101, reason: 'This page is of another version than the server. Reload it, please.' });
    page.onMessage((message) => server.send(message));
  });
  await visitor.face.getByRole('button', { name: 'Chat starten' }).click();
  await agent.accept();
  await expect(visitor.face.getByText('Liefern Sie nach Wien?')).toBeVisible();
  refuse();
  const alert = visitor.face.getByRole('alert').filter({ hasText: 'Diese Seite hat eine andere Version als der Server.' });
  await alert.getByRole('button', { name: 'Aktualisieren' }).click();
  await expect(alert).toHaveCount(0);
  await expect(visitor.face.getByText('Liefern Sie nach Wien?')).toBeVisible();
});
