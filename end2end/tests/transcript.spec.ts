import { mails } from '../support/mail';
import { expect, test } from '../support/test';

test('after the end the visitor is mailed what was said, and nothing else', async ({ chat: { visitor, agent }, server }) => {
  await agent.say('Grüße & <b>welcome</b>: https://shop.example/a?b=c');
  await visitor.hears('welcome');
  await visitor.goTo('Pricing');
  const title = await visitor.page.title();
  await expect(agent.log).toContainText(title);
  await visitor.say('Thank you, bye');
  await agent.hears('Thank you, bye');
  await agent.end();

  await expect.poll(async () => (await mails(server)).length).toBe(1);
  const [mail] = await mails(server);
  expect(mail.to).toEqual([expect.objectContaining({ address: 'vera@example.com' })]);
  expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  expect(mail.messageId).toMatch(/^<[^@\s]+@[^@\s]+>$/);
  expect(mail.headers.find(({ key }) => key === 'content-type')?.value).toContain('multipart/alternative');

  for (const said of ['Hello', 'Grüße & <b>welcome</b>: https://shop.example/a?b=c', 'Thank you, bye', 'Vera', 'Anna Berg']) {
    expect(mail.text).toContain(said);
  }
  expect(mail.html).toContain('Grüße &amp; &lt;b&gt;welcome&lt;');
  expect(mail.html).toContain('href="https:&#x2f;&#x2f;shop.example');
  expect(mail.html).toContain('Thank you, bye');
  for (const body of [mail.text, mail.html]) {
    expect(body).not.toContain(title);
    expect(body).not.toContain('/demo');
  }
});

test('the transcript is sent once, whatever happens to the server', async ({ chat: { visitor, agent }, newVisitor, server }) => {
  await agent.end();
  await visitor.seesEnd();
  await expect.poll(async () => (await mails(server)).length).toBe(1);
  const [first] = await mails(server);

  await agent.page.goto('about:blank');
  await visitor.page.goto('about:blank');
  await server.kill();
  await server.restart();
  await agent.connects(async () => {
    await agent.page.goto('/console');
  });

  // The mail of a later chat shows that the outbox has been gone through since.
  const later = await newVisitor();
  await later.start({ email: 'later@example.com', message: 'Me too' });
  await later.end();
  await expect.poll(async () => (await mails(server)).length).toBe(2);
  const all = await mails(server);
  expect(all.map(({ to }) => to?.[0].address)).toEqual(['vera@example.com', 'later@example.com']);
  expect(all[0].written).toBe(first.written);
});

test('the transcript of a chat that ended just before the server died is sent', async ({ chat: { visitor, agent }, server }) => {
  await agent.endChat.click();
  const ended = agent.page.waitForResponse((answer) => Boolean(answer.request().postData()?.includes('"end"')));
  await agent.endDialog.getByRole('button', { name: 'End chat' }).click();
  expect((await ended).status()).toBe(200);
  await Promise.all([visitor.page.goto('about:blank'), agent.page.goto('about:blank')]);
  await server.kill();
  await server.restart();
  // Where the server died in the middle of sending, its lease of the mail has to run out first.
  const sent = async () => (await mails(server)).map(({ to }) => to?.[0].address);
  await expect.poll(sent, { timeout: 40_000 }).toEqual(['vera@example.com']);
});

test('a chat without an email address is not mailed', async ({ apiAgent: _, visitor, newVisitor, server }) => {
  await visitor.start({ name: 'Nobody', message: 'No address' });
  await visitor.end();
  await visitor.seesEnd();

  const later = await newVisitor();
  await later.start({ email: 'later@example.com', message: 'Me too' });
  await later.end();
  await expect.poll(async () => (await mails(server)).length).toBe(1);
  expect((await mails(server))[0].to?.[0].address).toBe('later@example.com');
});
