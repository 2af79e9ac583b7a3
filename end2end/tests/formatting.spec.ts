import type { BrowserContext } from '@playwright/test';
import { type Agent } from '../support/agent';
import { ApiVisitor, type Block, type Text, text } from '../support/api';
import { LiveSocket, protocol } from '../support/live';
import { mails } from '../support/mail';
import { nodesOf, pasteText } from '../support/rich';
import type { Side } from '../support/side';
import { expect, test } from '../support/test';

/** The message that contains `words` is these nodes, as both sides see it. */
async function bothSee(sides: Side[], words: string, nodes: string): Promise<void> {
  for (const side of sides) {
    await side.hears(words);
    expect(await nodesOf(side.message(words))).toBe(nodes);
  }
}

/** Sends what stands in the box, wherever the cursor is in it. */
async function send(agent: Agent): Promise<void> {
  await agent.box.press('Control+Enter');
  await agent.holds('');
}

/** Writes these words and selects them. */
async function select(agent: Agent, words: string): Promise<void> {
  await agent.box.fill(words);
  await agent.box.press('ControlOrMeta+a');
}

test('each button for words marks what is selected, and the visitor sees it so', async ({ chat: { visitor, agent } }) => {
  for (const [name, tag] of [['Bold', 'strong'], ['Italic', 'em'], ['Underline', 'u'], ['Strikethrough', 's'], ['Code', 'code']]) {
    await agent.box.fill(`${name} is the last word`);
    await agent.box.press('ControlOrMeta+Shift+ArrowLeft');
    await expect(agent.tool(name)).toHaveAttribute('aria-pressed', 'false');
    await agent.tool(name).click();
    await expect(agent.tool(name)).toHaveAttribute('aria-pressed', 'true');
    await send(agent);
    await bothSee([visitor, agent], `${name} is`, `<p>${name} is the last <${tag}>word</${tag}></p>`);
  }
});

test('a button pressed twice takes the mark away again', async ({ chat: { visitor, agent } }) => {
  await select(agent, 'Plain after all');
  await agent.tool('Bold').click();
  await agent.tool('Bold').click();
  await expect(agent.tool('Bold')).toHaveAttribute('aria-pressed', 'false');
  await send(agent);
  await bothSee([visitor, agent], 'Plain after all', '<p>Plain after all</p>');
});

test('a mark that is switched on goes on while one types, until it is switched off', async ({ chat: { visitor, agent } }) => {
  await agent.box.pressSequentially('Only ');
  await agent.tool('Bold').click();
  await agent.box.pressSequentially('this');
  await agent.tool('Bold').click();
  await agent.box.pressSequentially(' is bold');
  await agent.box.press('Enter');
  await bothSee([visitor, agent], 'Only', '<p>Only <strong>this</strong> is bold</p>');
});

test('each button for lines makes a block of them, and the visitor sees it so', async ({ chat: { visitor, agent } }) => {
  for (const [name, nodes] of [
    ['Bulleted list', '<ul><li><p>Bulleted list</p></li></ul>'],
    ['Numbered list', '<ol><li><p>Numbered list</p></li></ol>'],
    ['Quote', '<blockquote><p>Quote</p></blockquote>'],
    ['Code', '<pre><code>Code</code></pre>'],
  ]) {
    await agent.box.fill(name);
    await agent.tool(name).click();
    await expect(agent.tool(name)).toHaveAttribute('aria-pressed', 'true');
    await send(agent);
    await bothSee([visitor, agent], name, nodes);
  }
});

test('in a list Enter begins the next item, Tab goes deeper, and Enter in an empty one leaves it', async ({ chat: { visitor, agent } }) => {
  await agent.tool('Numbered list').click();
  await agent.box.pressSequentially('Unplug it');
  await agent.box.press('Enter');
  await agent.box.pressSequentially('Wait');
  await agent.box.press('Enter');
  await agent.box.press('Tab');
  await agent.box.pressSequentially('ten seconds');
  await agent.box.press('Enter');
  await agent.box.press('Shift+Tab');
  await agent.box.pressSequentially('Plug it in');
  await agent.box.press('Enter');
  await expect(visitor.message('Unplug it')).toHaveCount(0);
  await agent.box.press('Enter');
  await agent.box.pressSequentially('Does it work?');
  await agent.box.press('Enter');
  await agent.holds('');
  await bothSee(
    [visitor, agent],
    'Unplug it',
    '<ol><li><p>Unplug it</p></li><li><p>Wait</p><ol><li><p>ten seconds</p></li></ol></li><li><p>Plug it in</p></li></ol>' +
      '<p>Does it work?</p>',
  );
});

/** What each of these keys makes of the selected words. */
async function shortcutsMake(visitor: Side, agent: Agent, made: [keys: string, nodes: string][]): Promise<void> {
  for (const [keys, nodes] of made) {
    const words = `With ${keys}`;
    await select(agent, words);
    await agent.box.press(keys);
    await send(agent);
    await bothSee([visitor, agent], words, nodes.replace('#', words));
  }
}

test('the shortcuts for words do what the buttons do', async ({ chat: { visitor, agent } }) => {
  await shortcutsMake(visitor, agent, [
    ['Control+b', '<p><strong>#</strong></p>'],
    ['Control+i', '<p><em>#</em></p>'],
    ['Control+u', '<p><u>#</u></p>'],
    ['Control+Shift+x', '<p><s>#</s></p>'],
    ['Control+e', '<p><code>#</code></p>'],
  ]);
});

test('the shortcuts for lines and links do what the buttons do', async ({ chat: { visitor, agent } }) => {
  await shortcutsMake(visitor, agent, [
    ['Control+Shift+7', '<ol><li><p>#</p></li></ol>'],
    ['Control+Shift+8', '<ul><li><p>#</p></li></ul>'],
    ['Control+Shift+9', '<blockquote><p>#</p></blockquote>'],
  ]);
  await agent.box.press('Control+k');
  await expect(agent.linkDialog).toBeVisible();
  await agent.page.keyboard.press('Escape');
  await expect(agent.linkDialog).toBeHidden();
  await expect(agent.box).toBeFocused();
});

/** What typing alone makes: what is typed, the words of it that are seen, and how they are. */
async function typingMakes(visitor: Side, agent: Agent, made: [typed: string, words: string, nodes: string][]): Promise<void> {
  for (const [typed, words, nodes] of made) {
    await agent.box.pressSequentially(typed);
    await send(agent);
    await bothSee([visitor, agent], words, nodes);
  }
}

test('signs around words format them, and undo gives back what was typed', async ({ chat: { visitor, agent } }) => {
  await typingMakes(visitor, agent, [
    ['a **bold** word', 'bold', '<p>a <strong>bold</strong> word</p>'],
    ['an *italic* word', 'italic', '<p>an <em>italic</em> word</p>'],
    ['a _slanted_ word', 'slanted', '<p>a <em>slanted</em> word</p>'],
    ['a ~~struck~~ word', 'struck', '<p>a <s>struck</s> word</p>'],
    ['a `coded` word', 'coded', '<p>a <code>coded</code> word</p>'],
    ['2 * 3 * 4 and snake_case_name', 'snake', '<p>2 * 3 * 4 and snake_case_name</p>'],
  ]);
  await agent.box.pressSequentially('literally **so**');
  await agent.holds('literally so');
  await agent.box.press('Control+z');
  await agent.holds('literally **so**');
  await send(agent);
  await bothSee([visitor, agent], 'literally', '<p>literally **so**</p>');
});

test('signs at the start of a line make a list, a quote or code of it', async ({ chat: { visitor, agent } }) => {
  await typingMakes(visitor, agent, [
    ['- bullet', 'bullet', '<ul><li><p>bullet</p></li></ul>'],
    ['1. number', 'number', '<ol><li><p>number</p></li></ol>'],
    ['> quoted', 'quoted', '<blockquote><p>quoted</p></blockquote>'],
    ['``` lines()', 'lines()', '<pre><code>lines()</code></pre>'],
  ]);
});

test('words become a link; it can be changed and taken away', async ({ chat: { visitor, agent } }) => {
  const { linkDialog } = agent;
  const address = linkDialog.getByRole('textbox', { name: 'Address' });
  const apply = linkDialog.getByRole('button', { name: 'Apply' });

  await select(agent, 'Our lamps');
  await agent.tool('Link').click();
  await expect(address).toBeFocused();
  await expect(linkDialog.getByRole('button', { name: 'Remove link' })).toBeDisabled();
  await address.fill('shop.example/lamps');
  await apply.click();
  await expect(linkDialog).toBeHidden();
  await send(agent);
  await bothSee([visitor, agent], 'Our lamps', '<p><a https://shop.example/lamps>Our lamps</a></p>');
  const link = visitor.message('Our lamps').getByRole('link', { name: 'Our lamps' });
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', /\bnoopener\b/);

  await select(agent, 'Write to us');
  await agent.tool('Link').click();
  await address.fill('https://shop.example/old');
  await address.press('Enter');
  await expect(linkDialog).toBeHidden();
  await agent.tool('Link').click();
  await expect(address).toHaveValue('https://shop.example/old');
  await address.fill('help@shop.example');
  await apply.click();
  await send(agent);
  await bothSee([visitor, agent], 'Write to us', '<p><a mailto:help@shop.example>Write to us</a></p>');

  await select(agent, 'No link');
  await agent.tool('Link').click();
  await address.fill('https://shop.example/');
  await linkDialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(linkDialog).toBeHidden();
  await agent.tool('Link').click();
  await address.fill('https://shop.example/');
  await apply.click();
  await agent.tool('Link').click();
  await linkDialog.getByRole('button', { name: 'Remove link' }).click();
  await expect(linkDialog).toBeHidden();
  await send(agent);
  await bothSee([visitor, agent], 'No link', '<p>No link</p>');
});

test('an address that would run something becomes no link, and the agent reads why', async ({ chat: { visitor, agent } }) => {
  const { linkDialog } = agent;
  const address = linkDialog.getByRole('textbox', { name: 'Address' });
  await select(agent, 'Click me');
  await agent.tool('Link').click();
  for (const evil of ['javascript:alert(1)', ' JavaScript:alert(1)//https://shop.example', 'data:text/html,<script>1</script>', 'vbscript:x']) {
    await address.fill(evil);
    await linkDialog.getByRole('button', { name: 'Apply' }).click();
    await expect(linkDialog.getByRole('alert')).toHaveText('Write an address such as example.com or name@example.com.');
    await expect(address).toBeFocused();
    await address.fill('');
    await expect(linkDialog.getByRole('alert')).toBeHidden();
  }
  await linkDialog.getByRole('button', { name: 'Cancel' }).click();
  await send(agent);
  await bothSee([visitor, agent], 'Click me', '<p>Click me</p>');
});

test('an emoji is found by its name and goes where the cursor is', async ({ chat: { visitor, agent } }) => {
  const picker = agent.page.getByRole('dialog', { name: 'Emoji' });
  const search = picker.getByRole('textbox', { name: 'Search emoji' });
  await agent.box.pressSequentially('On its way !');
  await agent.box.press('ArrowLeft');
  await agent.tool('Emoji').click();
  await search.fill('truck');
  await expect(picker.getByRole('button')).toHaveCount(1);
  await picker.getByRole('button', { name: 'delivery truck' }).click();
  await expect(picker).toBeHidden();
  await agent.holds('On its way 🚚!');

  await agent.tool('Emoji').click();
  await search.fill('no such thing');
  await expect(picker.getByText('No emoji has such a name.')).toBeVisible();
  await search.press('Escape');
  await expect(picker).toBeHidden();
  await expect(agent.box).toBeFocused();
  await agent.box.press('Enter');
  await visitor.hears('On its way 🚚!');
});

test('the toolbar is one stop for the Tab key, and the arrow keys go along it', async ({ chat: { agent } }) => {
  await agent.box.focus();
  await agent.page.keyboard.press('Shift+Tab');
  await expect(agent.tool('Bold')).toBeFocused();
  await agent.page.keyboard.press('ArrowRight');
  await expect(agent.tool('Italic')).toBeFocused();
  await agent.page.keyboard.press('End');
  await expect(agent.tool('Emoji')).toBeFocused();
  await agent.page.keyboard.press('ArrowRight');
  await expect(agent.tool('Bold')).toBeFocused();
  await agent.page.keyboard.press('Tab');
  await expect(agent.box).toBeFocused();
});

test('what is pasted from elsewhere keeps its formatting and nothing of its code', async ({ chat: { visitor, agent } }) => {
  await pasteText(agent.box, {
    'text/html':
      '<html><body><h2>Our <span style="font-weight:400">offer</span></h2><p>With <b>bold</b>, <i>italic</i> and ' +
      '<a href="https://shop.example/a">a link</a></p><ul><li>one</li><li>two</li></ul></body></html>',
    'text/plain': 'Our offer',
  });
  await send(agent);
  await bothSee(
    [visitor, agent],
    'offer',
    '<p><strong>Our </strong>offer</p><p>With <strong>bold</strong>, <em>italic</em> and ' +
      '<a https://shop.example/a>a link</a></p><ul><li><p>one</p></li><li><p>two</p></li></ul>',
  );
});

/** Words as a word processor copies them, with all that it puts around them. */
function wordHtml(body: string): string {
  return `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
    xmlns:w="urn:schemas-microsoft-com:office:word" xmlns:st1="urn:schemas-microsoft-com:office:smarttags">
    <head><meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/Temp/filelist.xml">
    <!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
    <style><!-- p.MsoNormal {mso-style-parent:""; font-weight:bold} @list l0:level1 {mso-level-number-format:bullet} --></style></head>
    <body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->${body}<!--EndFragment--></body></html>`;
}

/** An item of a list, which is a paragraph there with a sign and a level. */
function wordItem(list: string, level: number, sign: string, words: string): string {
  return `<p class=MsoListParagraphCxSpMiddle style='margin-left:${level * 36}.0pt;mso-add-space:auto;
    text-indent:-18.0pt;mso-list:${list} level${level} lfo1'><![if !supportLists]><span style='font-family:Symbol;
    mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>${sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
    </span></span></span><![endif]><span style='mso-ansi-language:EN-US'>${words}<o:p></o:p></span></p>`;
}

test('what is pasted from a word processor keeps bold, italic, links and lists, and nothing else', async ({ chat: { visitor, agent } }) => {
  const html = wordHtml(
    `<p class=MsoNormal style='mso-outline-level:1'><b style='mso-bidi-font-weight:normal'><span lang=EN-US
      style='font-size:14.0pt;color:#C00000'>Our offer</span></b><span lang=EN-US> for <st1:country-region w:st="on">Ireland</st1:country-region>,
      <i style='mso-bidi-font-style:normal'>until Friday</i>: <a href="https://shop.example/offer"><span
      style='color:windowtext;text-decoration:none'>see here</span></a><o:p></o:p></span></p>
    <p class=MsoNormal><o:p>&nbsp;</o:p></p>
    ${wordItem('l0', 1, '·', 'Two lamps')}${wordItem('l0', 2, 'o', 'of <b>brass</b>')}${wordItem('l0', 1, '·', 'One bulb')}
    <p class=MsoNormal>First<!-- do not forget to ask --> steps:<span style='mso-hide:all;display:none'>hidden</span><o:p></o:p></p>
    ${wordItem('l1', 1, '1.', 'Unplug it')}${wordItem('l1', 1, '2.', 'Wait')}`,
  );
  await pasteText(agent.box, { 'text/html': html, 'text/plain': 'Our offer' });
  await send(agent);
  await bothSee(
    [visitor, agent],
    'Our offer',
    '<p><strong>Our offer</strong> for Ireland, <em>until Friday</em>: <a https://shop.example/offer>see here</a></p>' +
      '<ul><li><p>Two lamps</p><ul><li><p>of <strong>brass</strong></p></li></ul></li><li><p>One bulb</p></li></ul>' +
      '<p>First steps:</p><ol><li><p>Unplug it</p></li><li><p>Wait</p></li></ol>',
  );
});

test('what colleagues noted beside a document is not pasted with it', async ({ chat: { visitor, agent } }) => {
  const html = wordHtml(
    `<p class=MsoNormal>The price is <a style='mso-comment-reference:AB_1;mso-comment-date:20260101T1000'>40 €</a><span
      class=MsoCommentReference><span style='font-size:8.0pt'><![if !supportAnnotations]><a class=msocomanchor id="_anchor_1"
      href="#_msocom_1" name="_msoanchor_1">[AB1]</a><![endif]><span style='mso-special-character:comment'>&nbsp;</span></span></span></p>
    <div style='mso-element:comment-list'><![if !supportAnnotations]><hr class=msocomoff align=left size=1 width="33%"><![endif]>
      <div style='mso-element:comment'><div id="_com_1" class=msocomtxt><p class=MsoCommentText>We would also take 30.</p></div></div></div>`,
  );
  await pasteText(agent.box, { 'text/html': html, 'text/plain': 'The price is 40 €' });
  await send(agent);
  await bothSee([visitor, agent], 'The price is', '<p>The price is 40 €</p>');
});

/** Addresses of another website that were asked for. */
function askedOf(host: string, ...contexts: BrowserContext[]): string[] {
  const asked: string[] = [];
  for (const context of contexts) {
    context.on('request', (request) => {
      if (new URL(request.url()).hostname === host) asked.push(request.url());
    });
  }
  return asked;
}

const evil = 'evil.example';
const hostile = [
  '<p>safe words</p>',
  `<script>window.owned = true; fetch("https://${evil}/script")</script>`,
  `<script src="https://${evil}/a.js"></script>`,
  `<img src="https://${evil}/pixel.png" onerror="window.owned = true" onload="window.owned = true">`,
  `<img srcset="https://${evil}/set.png 1x">`,
  '<svg onload="window.owned = true"><script>window.owned = true</script></svg>',
  `<svg><image href="https://${evil}/image.svg"></image><use href="https://${evil}/use.svg#a"></use></svg>`,
  `<iframe srcdoc="<script>parent.owned = true</script>" src="https://${evil}/frame"></iframe>`,
  `<object data="https://${evil}/object"></object><embed src="https://${evil}/embed">`,
  `<link rel="stylesheet" href="https://${evil}/a.css"><style>@import "https://${evil}/b.css";</style>`,
  `<meta http-equiv="refresh" content="0;url=https://${evil}/refresh"><base href="https://${evil}/">`,
  `<form action="https://${evil}/form"><input autofocus onfocus="window.owned = true"><button>Send</button></form>`,
  `<video poster="https://${evil}/poster.png" src="https://${evil}/a.mp4" onerror="window.owned = true"></video>`,
  `<p style="background: url(https://${evil}/style.png)" onmouseover="window.owned = true" onclick="window.owned = true">styled</p>`,
  `<a href="javascript:window.owned = true">script</a> <a href="data:text/html,hello">data</a>`,
  '<math><mtext></mtext><mglyph><style><img src=x onerror="window.owned = true"></style></mglyph></math>',
  '<noscript><p title="</noscript><img src=x onerror=window.owned=true>"></p></noscript>',
  '<template><img src=x onerror="window.owned = true"></template>',
  '<p contenteditable="false" id="reply" class="toast" aria-label="Reply" role="alert">disguised</p>',
].join('');

for (const [from, html] of [
  ['a website', hostile],
  ['what calls itself our own', hostile.replace('<p>', '<p data-pm-slice="1 1 []">')],
]) {
  test(`hostile HTML from ${from} does no harm when it is pasted`, async ({ chat: { visitor, agent } }) => {
    const asked = askedOf(evil, agent.page.context(), visitor.page.context());
    const dialogs: string[] = [];
    for (const side of [agent, visitor]) {
      side.page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        return dialog.dismiss();
      });
    }
    await pasteText(agent.box, { 'text/html': html, 'text/plain': 'safe words' });
    await expect(agent.box).toContainText('safe words');
    await expect(agent.box).toHaveCount(1);
    await send(agent);
    await visitor.hears('safe words');
    await visitor.message('safe words').getByText('styled').hover();
    await visitor.message('safe words').getByText('script').click();

    for (const side of [visitor, agent]) {
      const nodes = await nodesOf(side.message('safe words'));
      expect(nodes).toContain('<p>safe words</p>');
      expect(nodes.match(/<[a-z]+/g)?.filter((tag) => tag !== '<p')).toEqual([]);
      expect(await side.message('safe words').evaluate(() => 'owned' in window)).toBe(false);
      const attributes = await side.message('safe words').evaluate((message) =>
        [...message.querySelectorAll('p:not(:has(time))')].flatMap((p) => p.getAttributeNames()),
      );
      expect(attributes.filter((name) => name !== 'dir')).toEqual([]);
    }
    // What would have been asked for, would have been asked for before this.
    await agent.say('Afterwards');
    await visitor.hears('Afterwards');
    expect(asked).toEqual([]);
    expect(dialogs).toEqual([]);
  });
}

test('a text that looks like HTML is pasted as text', async ({ chat: { visitor, agent } }) => {
  await pasteText(agent.box, { 'text/plain': '<b>not bold</b> & <script>alert(1)</script>' });
  await send(agent);
  await bothSee([visitor, agent], 'not bold', '<p>&lt;b>not bold&lt;/b> &amp; &lt;script>alert(1)&lt;/script></p>');
});

test('the transcript has the formatting in HTML, and its signs in plain text', async ({ chat: { visitor, agent }, server }) => {
  await agent.box.pressSequentially('**Three** steps for _the <lamp>_:');
  await agent.box.press('Enter');
  await agent.box.pressSequentially('1. unplug');
  await agent.box.press('Enter');
  await agent.box.pressSequentially('wait');
  await send(agent);
  await agent.box.pressSequentially('> as you said');
  await send(agent);
  await select(agent, 'the manual');
  await agent.tool('Link').click();
  await agent.linkDialog.getByRole('textbox', { name: 'Address' }).fill('https://shop.example/manual');
  await agent.linkDialog.getByRole('button', { name: 'Apply' }).click();
  await send(agent);
  await visitor.hears('the manual');
  await agent.end();

  await expect.poll(async () => (await mails(server)).length).toBe(1);
  const [{ html = '', text = '' }] = await mails(server);
  expect(html).toMatch(/<strong[^>]*>Three<\/strong> steps for <em[^>]*>the &lt;lamp&gt;<\/em>:/);
  expect(html).toMatch(/<ol[^>]*><li[^>]*><p[^>]*>unplug<\/p><\/li><li[^>]*><p[^>]*>wait<\/p><\/li><\/ol>/);
  expect(html).toMatch(/<blockquote[^>]*><p[^>]*>as you said<\/p><\/blockquote>/);
  expect(html).toMatch(/<a href="https:&#x2f;&#x2f;shop\.example&#x2f;manual"[^>]*>the manual<\/a>/);
  expect(text).toContain('Three steps for the <lamp>:');
  expect(text).toMatch(/1\. unplug\n\s*2\. wait\n/);
  expect(text).toContain('> as you said');
  expect(text).toContain('the manual (https://shop.example/manual)');
});

test('a draft keeps its formatting when the page is left', async ({ chat: { visitor, agent } }) => {
  await agent.box.pressSequentially('Kept **with marks**');
  await agent.holds('Kept with marks');
  await agent.page.reload();
  await agent.holds('Kept with marks');
  expect(await nodesOf(agent.box)).toBe('<p>Kept <strong>with marks</strong></p>');
  await agent.page.goto('/console');
  await agent.tab('Mine').click();
  await agent.openChat('Vera');
  await agent.holds('Kept with marks');
  await send(agent);
  await bothSee([visitor, agent], 'Kept', '<p>Kept <strong>with marks</strong></p>');
  await agent.page.reload();
  await agent.hears('Kept');
  await agent.holds('');
});

test('each chat has a draft of its own', async ({ chat: { agent }, newVisitor }) => {
  const otto = await newVisitor();
  await otto.start({ name: 'Otto', message: 'Moin' });
  await agent.box.pressSequentially('For Vera');
  await agent.accept('Otto');
  await agent.holds('');
  await agent.box.pressSequentially('For Otto');
  await agent.tab('Mine').click();
  await agent.openChat('Vera');
  await agent.holds('For Vera');
  await agent.openChat('Otto');
  await agent.holds('For Otto');
});

test('an agent whose browser cannot load the editor answers in a plain box', async ({ agent, visitor, watch }) => {
  watch.expect(/^console error: Failed to load resource: net::ERR_FAILED .*\/editor\.js/);
  await agent.page.route('**/editor.js', (route) => route.abort());
  await visitor.start({ name: 'Vera', message: 'Hello' });
  await agent.accept('Vera');
  await expect(agent.box).toHaveJSProperty('tagName', 'TEXTAREA');
  await agent.box.fill('First line\n**as typed**');
  await agent.box.press('Enter');
  await expect(agent.box).toHaveValue('');
  await bothSee([visitor, agent], 'First line', '<p>First line<br>**as typed**</p>');
  await agent.box.fill('By button');
  await agent.send.click();
  await visitor.hears('By button');
  await expect(agent.tool('Bold')).toBeDisabled();
  await expect(agent.tool('Emoji')).toBeEnabled();
});

const nested = (depth: number): Block => (depth === 1 ? { paragraph: 'deep down' } : { quote: [nested(depth - 1)] });

test('what no editor writes is refused when it is sent all the same', async ({ server, apiAgent }) => {
  const vera = new ApiVisitor(server);
  const chat = await vera.start('Hello');
  expect((await apiAgent.command(chat, { type: 'accept' })).status).toBe(200);
  const refuses = async (blocks: Text, status: number, reason: string) => {
    const refusal = expect.objectContaining({ reason });
    expect(await apiAgent.command(chat, { type: 'send', text: blocks })).toEqual({ status, body: { error: 'refused', refusal } });
    expect(await vera.command(chat, { type: 'send', text: blocks })).toEqual({ status, body: { error: 'refused', refusal } });
  };

  for (const link of ['javascript:alert(1)', 'JAVASCRIPT:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x', '//evil.example', 'https://a b', '']) {
    await refuses([{ paragraph: [{ text: 'Click', link }] }], 422, 'invalid_link');
    await refuses([{ bullet_list: [[{ quote: [{ paragraph: ['Look: ', { text: 'Click', link }] }] }]] }], 422, 'invalid_link');
  }
  await refuses([nested(9)], 413, 'message_too_rich');
  await refuses(Array.from({ length: 1_001 }, () => ({ paragraph: 'x' })), 413, 'message_too_rich');
  await refuses([{ paragraph: Array.from({ length: 2_001 }, () => ({ text: 'x', bold: true })) }], 413, 'message_too_rich');
  await refuses([{ code: 'x'.repeat(10_001) }], 413, 'message_too_long');
  for (const blank of [[{ quote: [] }], [{ bullet_list: [[], []] }], [{ code: ' \n' }]]) await refuses(blank, 422, 'empty_message');
  const unknown = [{ html: '<b>x</b>' }] as unknown as Text;
  expect((await apiAgent.command(chat, { type: 'send', text: unknown })).status).toBe(422);

  // As deep as it may be it is sent; and nothing of the rest has reached anybody.
  expect((await apiAgent.command(chat, { type: 'send', text: [nested(8)] })).status).toBe(200);
  expect((await apiAgent.command(chat, { type: 'send', text: text('the end') })).status).toBe(200);
  const socket = await LiveSocket.open(server);
  socket.say({ type: 'hello', protocol, token: vera.token, cursors: [{ chat, after: 0 }] });
  await socket.next('current');
  expect(socket.heard()).toContain('deep down');
  expect(socket.heard()).not.toContain('Click');
  socket.close();
});
