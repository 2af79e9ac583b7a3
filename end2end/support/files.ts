import type { Locator, Page } from '@playwright/test';
import { deflateSync } from 'node:zlib';

/** A file as somebody has it on their disk. */
export interface NewFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A PDF of this many bytes. */
export function pdf(name: string, size = 2_000): NewFile {
  const end = '\n%%EOF\n';
  return { name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n'.padEnd(size - end.length, '%') + end) };
}

export function textFile(name: string, content: string): NewFile {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(content) };
}

/** A PNG of one colour; `after` is what follows its end. */
export function png(name: string, width: number, height: number, after = ''): NewFile {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of gray.
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 120);
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0;
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  const buffer = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, Buffer.from(after)]);
  return { name, mimeType: 'image/png', buffer };
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), content]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(content.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** What a telephone writes into its photos: how it was held, and where. */
export const place = 'N 48.858370 E 2.294481';

/** A photo that was taken with the telephone held upright: stored lying, with a note to turn it. */
export async function photo(page: Page, name: string, width: number, height: number): Promise<NewFile> {
  const picture = await page.evaluate(([width, height]) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d')!;
    context.fillStyle = 'teal';
    context.fillRect(0, 0, width, height);
    return canvas.toDataURL('image/jpeg').split(',')[1];
  }, [width, height]);
  const jpeg = Buffer.from(picture, 'base64');
  const buffer = Buffer.concat([jpeg.subarray(0, 2), exif(), jpeg.subarray(2)]);
  return { name, mimeType: 'image/jpeg', buffer };
}

/** The segment of a JPEG that says "turn right", and where the photo was taken. */
function exif(): Buffer {
  const entry = (tag: number, kind: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(kind, 2);
    bytes.writeUInt32LE(count, 4);
    bytes.writeUInt32LE(value, 8);
    return bytes;
  };
  const count = (entries: number) => Buffer.from([entries, 0]);
  const last = Buffer.alloc(4);
  const tiff = Buffer.concat([
    Buffer.from('II*\0\x08\0\0\0', 'latin1'),
    count(2), entry(0x0112, 3, 1, 6), entry(0x8825, 4, 1, 38), last,
    count(1), entry(0x001b, 7, place.length, 56), last,
    Buffer.from(place),
  ]);
  const head = Buffer.from('\xff\xe1\0\0Exif\0\0', 'latin1');
  head.writeUInt16BE(tiff.length + 8, 2);
  return Buffer.concat([head, tiff]);
}

type Moved = { name: string; type: string; base64: string };

const moved = ({ name, mimeType, buffer }: NewFile): Moved => ({ name, type: mimeType, base64: buffer.toString('base64') });

/** Pastes a file into a text box, as a screenshot is. */
export async function pasteFile(box: Locator, file: NewFile): Promise<void> {
  await box.evaluate((element, { name, type, base64 }) => {
    const clipboardData = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    clipboardData.items.add(new File([bytes], name, { type }));
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, moved(file));
}

/** Drags files over an element; `drop` also lets go of them there. */
export async function drag(target: Locator, files: NewFile[], drop: boolean): Promise<void> {
  await target.evaluate((element, { files, drop }) => {
    const dataTransfer = new DataTransfer();
    for (const { name, type, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name, { type }));
    }
    for (const kind of drop ? ['dragenter', 'dragover', 'drop'] : ['dragenter', 'dragover']) {
      element.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }, { files: files.map(moved), drop });
}
