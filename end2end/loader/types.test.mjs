// What the page API promises to those who write TypeScript: `embed.d.ts` and the examples of the documentation are read by
// the compiler.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import typescript from 'typescript';

const root = resolve(import.meta.dirname, '../..');
const types = resolve(root, 'public/embed.d.ts');
/** As much of other people's packages, and of other chats' names, as the examples use. */
const others = `
  declare module 'react' { export function useEffect(effect: () => void, on?: unknown[]): void; }
  declare module 'vue' { export interface App { config: { globalProperties: Record<string, unknown> } } }
  interface Window { Intercom: any; $crisp: any; Tawk_API: any }`;

/** What the compiler says against scripts of a page, [name, code] each: where, the number of the error, and what it is. */
function errors(scripts, strict = true) {
  const options = {
    strict,
    checkJs: true,
    noEmit: true,
    skipDefaultLibCheck: true,
    types: [],
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.ESNext,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  };
  const given = new Map([['/others.d.ts', others], ...scripts]);
  const host = typescript.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => given.has(path) || fileExists(path);
  host.getSourceFile = (path, ...more) =>
    given.has(path) ? typescript.createSourceFile(path, given.get(path), ...more) : getSourceFile(path, ...more);
  const program = typescript.createProgram([types, ...given.keys()], options, host);
  return typescript.getPreEmitDiagnostics(program).map(({ file, start, code, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName}:${line} TS${code} ${typescript.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** The examples of a page of the documentation in this language. */
function examples(page, language) {
  const text = readFileSync(resolve(root, page), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].filter(([, found]) => found === language).map(([, , code]) => code);
}

test('what the documentation calls is typed, and what is wrong is seen', () => {
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
  const wrong = ["frontdesk('opne');", "frontdesk('identify', 'Ada');", "frontdesk('on', 'message', ({ html }) => html);", "frontdesk('consent', 'yes');"];
  const scripts = ['ts', 'tsx'].flatMap((language) => {
    const found = examples('docs/embedding.md', language);
    assert.ok(found.length, language);
    return found.map((code, i) => [`/example-${i}.${language}`, code]);
  });
  const found = errors([['/right.ts', right], ['/wrong.ts', wrong.join('\n')], ...scripts]);
  assert.deepEqual(found.filter((error) => !error.startsWith('/wrong')), []);
  assert.deepEqual(found.map((error) => error.split(' ')[0]), wrong.map((_, i) => `/wrong.ts:${i + 1}`));
});

test('the scripts of the documented pages say what is right', () => {
  const scripts = examples('docs/embedding.md', 'html')
    .flatMap((html) => [...html.matchAll(/<script>([^]*?)<\/script>/g)])
    .map(([, code], i) => [`/page-${i}.js`, `${code}\nexport {};`]);
  assert.ok(scripts.length >= 5);
  // A function becomes more than it was: what the type of a stub does not say.
  assert.deepEqual(errors(scripts, false).filter((error) => !/TS2339 .*'q'/.test(error)), []);
});

/** What an example does when a server renders the page with it: there is no window, and no document. */
const onServer = (code) => {
  const { outputText } = typescript.transpileModule(code, { compilerOptions: { module: typescript.ModuleKind.CommonJS, jsx: typescript.JsxEmit.React } });
  const exports = {};
  vm.runInNewContext(outputText, { exports, require: () => ({ useEffect() {} }) });
  return exports;
};

test('the examples for React and Vue run where a server renders the page', () => {
  const [react] = examples('docs/embedding.md', 'tsx').map(onServer);
  assert.equal(react.Chat({}), null);
  const [vue] = examples('docs/embedding.md', 'ts').map(onServer);
  vue.chat.install({ config: { globalProperties: {} } });
});
