// What the page API promises to those who write TypeScript: `embed.d.ts` is read by the compiler, where there is one.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { test } from 'node:test';

let typescript;
try {
  typescript = createRequire(import.meta.url)('typescript');
} catch {
  // It is no dependency of ours.
}

const types = resolve(import.meta.dirname, '../../public/embed.d.ts');

/** What the compiler says against a page's script: the lines and the numbers of its errors. */
function errors(script) {
  const name = '/page.ts';
  const options = { strict: true, noEmit: true, types: [], lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] };
  const host = typescript.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, ...more) =>
    path === name ? typescript.createSourceFile(path, script, ...more) : getSourceFile(path, ...more);
  const program = typescript.createProgram([types, name], options, host);
  return typescript.getPreEmitDiagnostics(program).map(({ file, start, code }) =>
    `${file?.fileName}:${file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0} TS${code}`);
}

test('what the documentation calls is typed, and what is wrong is seen', { skip: !typescript && 'no TypeScript here' }, () => {
  const right = `
    frontdesk('identify', { name: 'Ada', email: 'ada@example.org' });
    frontdesk('identify', null);
    frontdesk('set', { plan: 'pro', seats: 3 });
    frontdesk('on', 'unread', (count) => count.toFixed());
    frontdesk('on', 'message', ({ text, by, at }) => text.trim() + by.trim() + at.toFixed());
    frontdesk('on', 'chat-started', ({ chat }) => chat.trim());
    frontdesk('on', 'chat-ended', ({ chat }) => chat.trim());
    frontdesk('consent', true);
    window.frontdesk('shutdown');`;
  assert.deepEqual(errors(right), []);
  const wrong = ["frontdesk('opne');", "frontdesk('identify', 'Ada');", "frontdesk('on', 'message', ({ html }) => html);", "frontdesk('consent', 'yes');"];
  assert.deepEqual(errors(wrong.join('\n')).map((error) => error.split(' ')[0]), wrong.map((_, i) => `/page.ts:${i + 1}`));
});
