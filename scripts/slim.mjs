// Makes what wasm-bindgen and wasm-opt made of a face smaller still: the names by which the WebAssembly asks for its
// imports become short ones (each carries a hash, which does not compress), and the JavaScript beside it is minified.
//
//   node scripts/slim.mjs IN.js IN.wasm OUT.js OUT.wasm

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const IMPORTS = 2;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { transform } = createRequire(join(root, ".tools/npm/package.json"))("esbuild");

/** Reads an unsigned LEB128 number: [number, where it ends]. */
function number(bytes, at) {
  for (let value = 0, factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
  }
}

/** Writes one. */
function leb(value) {
  const bytes = [];
  do {
    bytes.push((value % 128) | (value >= 128 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return bytes;
}

const text = (bytes, at) => {
  const [length, from] = number(bytes, at);
  return [bytes.subarray(from, from + length).toString(), from + length];
};
const written = (string) => [...leb(Buffer.byteLength(string)), ...Buffer.from(string)];

/** Where the description of an import ends: WebAssembly 2.0, 5.5.5. */
function descriptionEnd(bytes, at) {
  const limitsEnd = (from) => {
    const end = number(bytes, from + 1)[1];
    return bytes[from] & 1 ? number(bytes, end)[1] : end;
  };
  switch (bytes[at]) {
    case 0:
      return number(bytes, at + 1)[1];
    case 1:
      return limitsEnd(at + 2);
    case 2:
      return limitsEnd(at + 1);
    case 3:
      return at + 3;
    case 4:
      return number(bytes, at + 2)[1];
    default:
      throw new Error(`The kind ${bytes[at]} of an import is not known.`);
  }
}

/** The import section with short names, and which name became which. */
function renamed(section) {
  const names = new Map();
  const out = [];
  let [count, at] = number(section, 0);
  out.push(...leb(count));
  while (count-- > 0) {
    let module, name;
    [module, at] = text(section, at);
    [name, at] = text(section, at);
    const end = descriptionEnd(section, at);
    if (!names.has(module)) names.set(module, "./w");
    if (!names.has(name)) names.set(name, `_${names.size.toString(36)}`);
    out.push(...written(names.get(module)), ...written(names.get(name)), ...section.subarray(at, end));
    at = end;
  }
  return [Buffer.from(out), names];
}

const [jsPath, wasmPath, jsOut, wasmOut] = process.argv.slice(2);
const wasm = readFileSync(wasmPath);
const parts = [wasm.subarray(0, 8)];
let names = new Map();
for (let at = 8; at < wasm.length; ) {
  const id = wasm[at];
  const [length, from] = number(wasm, at + 1);
  let section = wasm.subarray(from, from + length);
  if (id === IMPORTS) [section, names] = renamed(section);
  // Custom sections are for tools.
  if (id !== 0) parts.push(Buffer.from([id, ...leb(section.length)]), section);
  at = from + length;
}
let js = readFileSync(jsPath, "utf8");
for (const [name, short] of names) {
  const [before, after] = name.startsWith("./") ? [`"${name}":`, `"${short}":`] : [`${name}: function`, `${short}: function`];
  const found = js.split(before).length - 1;
  // The others are set one by one.
  const other = `${name}: `;
  if (found > 0) js = js.replaceAll(before, after);
  else if (js.includes(other)) js = js.replaceAll(other, `${short}: `);
  else throw new Error(`The script does not provide ${name}.`);
}
const { code } = await transform(js, { minify: true, format: "esm", target: "es2022", legalComments: "none" });
writeFileSync(jsOut, code);
writeFileSync(wasmOut, Buffer.concat(parts));
