import type { Locator } from '@playwright/test';
import { Agent } from '../support/agent';
import { accountOf, expect, password, test } from '../support/test';
import { answered } from '../support/watch';

/** Goes there with Tab, or back with Shift+Tab; the page must have the focus already. */
async function tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let press = 0; press < 60; press++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press(key);
  }
  throw new Error(`60 times ${key} did not lead to ${target}.`);
}

test('an agent logs in, accepts, answers, looks things up, labels and ends without a mouse', async ({ server, browserOf, visitor }) => {
  await server.agentAdd(accountOf('Anna Berg'));
  const agent = new Agent(await (await browserOf()).newPage(), accountOf('Anna Berg'));
  const { page } = agent;
  const { keyboard } = page;
  await page.goto('/login');
  await tabTo(page.getByRole('textbox', { name: 'Email' }));
  await keyboard.type('anna@example.com');
  await tabTo(page.getByLabel('Password'));
  await keyboard.type(password);
  await agent.connects(async () => {
    await keyboard.press('Enter');
    await agent.isAtConsole();
  });

  await visitor.start({ name: 'Vera', message: 'Hello' });
  await tabTo(agent.ring('Vera').getByRole('button', { name: 'Accept' }));
  await keyboard.press('Enter');
  await expect(agent.box).toBeFocused();
  await keyboard.type('Good morning');
  await keyboard.press('Enter');
  await visitor.hears('Good morning');

  const tab = (name: string) => page.getByRole('tab', { name });
  const isAt = async (name: string) => {
    await expect(tab(name)).toBeFocused();
    await expect(tab(name)).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByRole('tabpanel', { name })).toBeVisible();
  };
  await tabTo(tab('Details'));
  for (const [key, name] of [
    ['ArrowRight', 'Visitor information'],
    ['ArrowRight', 'Block user'],
    ['ArrowRight', 'Details'],
    ['End', 'Block user'],
    ['ArrowLeft', 'Visitor information'],
    ['Home', 'Details'],
  ]) {
    await keyboard.press(key);
    await isAt(name);
  }
  await tabTo(tab('Mine'), 'Shift+Tab');
  await keyboard.press('ArrowLeft');
  await expect(tab('Waiting')).toBeFocused();
  await keyboard.press('ArrowRight');
  await expect(agent.row('Vera')).toBeVisible();

  const labels = page.getByRole('combobox', { name: 'Labels' });
  await tabTo(labels);
  for (const label of ['gift', 'urgent']) {
    await keyboard.type(label);
    await keyboard.press('Enter');
    await expect(page.getByRole('button', { name: `Remove ${label}` })).toBeVisible();
  }
  await keyboard.press('Backspace');
  await expect(page.getByRole('button', { name: 'Remove urgent' })).toHaveCount(0);
  await keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { name: 'urgent', selected: true })).toBeVisible();
  await keyboard.press('Escape');
  await expect(page.getByRole('listbox', { name: 'Labels' })).toHaveCount(0);
  await expect(labels).toBeFocused();
  await tabTo(page.getByRole('button', { name: 'Remove gift' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(agent.row('Vera')).not.toContainText('gift');

  await tabTo(agent.box, 'Shift+Tab');
  await tabTo(agent.endChat, 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(agent.endDialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(agent.endChat).toBeFocused();
  await keyboard.press('Enter');
  await tabTo(agent.endDialog.getByRole('button', { name: 'End chat' }));
  await keyboard.press('Enter');
  await agent.seesEnd();
  await visitor.seesEnd();
});

test('an agent blocks, makes a ticket and answers it without a mouse', async ({ chat: { visitor, agent }, watch }) => {
  const { page } = agent;
  const { keyboard } = page;
  watch.expect(answered(403, '/api/visitor/'));
  await agent.box.focus();
  await tabTo(page.getByRole('tab', { name: 'Details' }));
  await keyboard.press('End');
  await tabTo(page.getByRole('textbox', { name: 'Reason' }));
  await keyboard.type('Insults only');
  await tabTo(page.getByRole('checkbox', { name: 'Block IP address' }));
  await keyboard.press('Space');
  await expect(page.getByRole('checkbox', { name: 'Block IP address' })).toBeChecked();
  await tabTo(page.getByRole('button', { name: 'Block user' }));
  await keyboard.press('Enter');
  await expect(page.getByText(/This visitor is blocked until/)).toBeVisible();
  await expect(visitor.face.getByText('You cannot chat at the moment')).toBeVisible();

  const opener = page.getByRole('button', { name: 'Create ticket' });
  const dialog = page.getByRole('dialog', { name: 'Create ticket' });
  const field = (name: string) => dialog.getByRole('textbox', { name });
  await tabTo(opener, 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(field('Email')).toBeFocused();
  await keyboard.press('Escape');
  await expect(opener).toBeFocused();
  await keyboard.press('Enter');
  await expect(field('Email')).toBeFocused();
  // Around the end, and not out of the dialog.
  await keyboard.press('Shift+Tab');
  await expect(dialog.getByRole('button', { name: 'Create', exact: true })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await expect(field('Subject')).toBeFocused();
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('A broken lamp');
  await keyboard.press('Tab');
  await expect(field('Description')).toBeFocused();
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('It flickers.');
  await tabTo(dialog.getByRole('button', { name: 'Create', exact: true }));
  await keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();

  await tabTo(page.getByRole('link', { name: '#1 A broken lamp' }));
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'A broken lamp', level: 1 })).toBeVisible();
  const happened = page.getByRole('list', { name: 'What happened' });
  await expect(happened.getByRole('article', { name: 'Description by Anna Berg' })).toContainText('It flickers.');
  await keyboard.press('Tab');
  await tabTo(page.getByRole('textbox', { name: 'Reply' }));
  await keyboard.type('We send another one.');
  await keyboard.press('Tab');
  await tabTo(page.getByRole('button', { name: 'Send reply' }));
  await keyboard.press('Enter');
  await expect(happened.getByRole('article', { name: 'Reply by Anna Berg' })).toContainText('We send another one.');
  await tabTo(page.getByRole('tab', { name: 'Reply by email' }), 'Shift+Tab');
  await keyboard.press('ArrowRight');
  await tabTo(page.getByRole('textbox', { name: 'Note' }));
  await keyboard.type('She is kind.');
  await keyboard.press('Control+Enter');
  await expect(happened.getByRole('article', { name: 'Internal note by Anna Berg' })).toContainText('She is kind.');
});

test('an admin adds and deletes a label without a mouse', async ({ admin: { page } }) => {
  const { keyboard } = page;
  const dialog = page.getByRole('dialog', { name: 'Add label' });
  const add = page.getByRole('button', { name: 'Add label' });
  await keyboard.press('Tab');
  await tabTo(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }));
  await keyboard.press('Enter');
  await tabTo(page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Labels' }));
  await keyboard.press('Enter');
  await tabTo(add);
  await keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await keyboard.type('wholesale');
  await keyboard.press('Tab');
  await keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'Teal' })).toBeChecked();
  await tabTo(dialog.getByRole('button', { name: 'Add label' }));
  await keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('row').filter({ hasText: 'wholesale' })).toBeVisible();
  await expect(add).toBeFocused();

  await tabTo(page.getByRole('button', { name: 'Delete wholesale' }));
  await keyboard.press('Enter');
  await tabTo(page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }));
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'No labels yet' })).toBeVisible();
});

test('a visitor opens the chat, starts, writes, ends and rates without a mouse', async ({ agent, visitor }) => {
  const { keyboard } = visitor.page;
  const button = (name: string) => visitor.face.getByRole('button', { name, exact: true });
  for (let press = 0; press < 60 && !(await visitor.open.evaluate((launcher) => (launcher.getRootNode() as ShadowRoot).activeElement === launcher)); press++) {
    await keyboard.press('Tab');
  }
  await keyboard.press('Enter');
  await expect(visitor.face.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await keyboard.type('Vera');
  await keyboard.press('Tab');
  await keyboard.type('vera@example.com');
  await tabTo(visitor.box);
  await keyboard.type('Hello');
  await tabTo(button('Start chat'));
  await keyboard.press('Enter');
  await expect(visitor.findingAgent).toBeVisible();
  await expect(visitor.box).toBeFocused();
  await agent.accept('Vera');
  await expect(visitor.findingAgent).toBeHidden();
  await expect(visitor.box).toBeFocused();
  await keyboard.type('Are you there? ');
  const emoji = visitor.face.getByRole('dialog', { name: 'Emoji' });
  for (const key of ['Escape', 'Enter']) {
    await tabTo(button('Emoji'));
    await keyboard.press('Enter');
    await tabTo(emoji.getByRole('button', { name: '👋' }), 'Shift+Tab');
    await keyboard.press(key);
    await expect(emoji).toBeHidden();
    await expect(visitor.box).toBeFocused();
  }
  await keyboard.press('Enter');
  await agent.hears('Are you there? 👋');

  await tabTo(visitor.endChat, 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(visitor.endDialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await visitor.seesEnd();
  await expect(visitor.face.getByRole('region', { name: 'After the chat' })).toBeFocused();
  await tabTo(button('Helpful'));
  await keyboard.press('Space');
  await expect(button('Helpful')).toHaveAttribute('aria-pressed', 'true');
  await tabTo(button('Start a new chat'));
  await keyboard.press('Enter');
  await expect(button('Start chat')).toBeVisible();
  // Name and email are known.
  await expect(visitor.box).toBeFocused();
});

test('an end that the agent brings about leaves the focus with a visitor who writes, and takes none from the page', async ({ chat: { visitor, agent } }) => {
  await visitor.box.fill('I was about to');
  await agent.end();
  await visitor.seesEnd();
  await expect(visitor.face.getByRole('region', { name: 'After the chat' })).toBeFocused();

  await visitor.startNewChat.click();
  await visitor.box.fill('Again');
  await visitor.face.getByRole('button', { name: 'Start chat' }).click();
  await agent.accept('Vera');
  await visitor.findingAgent.waitFor({ state: 'hidden' });
  const link = visitor.page.getByRole('link').first();
  await link.focus();
  await agent.end();
  await visitor.seesEnd();
  await expect(link).toBeFocused();
});

test('Escape closes what lies on top, wherever the focus is', async ({ chat: { visitor } }) => {
  const panel = visitor.page.getByTitle('Chat', { exact: true });
  const blur = () => visitor.face.locator('body').evaluate(() => (document.activeElement as HTMLElement).blur());
  await visitor.endChat.click();
  await expect(visitor.endDialog).toBeVisible();
  await blur();
  await visitor.page.keyboard.press('Escape');
  await expect(visitor.endDialog).toBeHidden();
  await expect(panel).toBeVisible();
  await blur();
  await visitor.page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
});
