import type { Locator } from '@playwright/test';

/**
 * What is written in a message, as nodes: `<p>Hi <strong>you</strong></p>`. Of attributes only addresses are told.
 * Works for the reply box, too.
 */
export async function nodesOf(written: Locator): Promise<string> {
  return written.evaluate((root) => {
    const blocks = 'p, ul, ol, blockquote, pre';
    const isOutermost = (element: Element) => {
      const around = element.parentElement?.closest(blocks);
      return !around || !root.contains(around);
    };
    // What says who wrote it, and when, was not written.
    const isOurs = (element: Element) => !element.querySelector('time') && isOutermost(element);
    const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
    const tell = (node: Node): string => {
      if (node.nodeType === Node.TEXT_NODE) return escaped(node.nodeValue ?? '');
      // What an editor puts beside a text, to hold the cursor.
      if (!(node instanceof Element) || /ProseMirror-/.test(node.className)) return '';
      const name = node.localName;
      const address = node.getAttribute('href') ?? node.getAttribute('src');
      const inside = [...node.childNodes].map(tell).join('');
      return name === 'br' ? '<br>' : `<${name}${address === null ? '' : ` ${address}`}>${inside}</${name}>`;
    };
    return [...root.querySelectorAll(blocks)].filter(isOurs).map(tell).join('');
  });
}

/** Pastes into a text box what somebody copied elsewhere: texts by their kind, such as `text/html`. */
export async function pasteText(box: Locator, texts: Record<string, string>): Promise<void> {
  await box.evaluate((element, texts) => {
    const clipboardData = new DataTransfer();
    for (const [kind, text] of Object.entries(texts)) clipboardData.setData(kind, text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, texts);
}
