// Makes target/site complete around what cargo-leptos puts into target/site/pkg: the bundled styles, the minified
// loader and its neighbours, the agent's editor, the widget's texts, the rest of public/, and beside each file that gains
// from it a .br and a .gz.
//
//   node scripts/bundle.mjs           for a release; ends with the sizes and holds them against budgets.json
//   node scripts/bundle.mjs --watch   for development: readable, not compressed, again after each change
//
// Usually takes ten seconds after a build of the browser's half, else less than one.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import vm from "node:vm";
import zlib from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const site = join(root, "target/site");
const sheets = ["widget", "console", "site", "plain"];
const texts = "src/ui/words";
const compressible = new Set([".css", ".html", ".js", ".json", ".svg", ".txt", ".wasm"]);
const worthCompressing = 512; // bytes
const browsers = ["chrome111", "edge111", "firefox114", "safari16.4"];
// What its licence asks of a copy; the text of the licence is in each of its packages.
const editorNotice = "/*! Contains ProseMirror, © Marijn Haverbeke and others, MIT licence. */";
const copy = /\.(br|gz)$/;
const foreign = /^(embed|embed-frame|compat\/\w+)\.js$/;
const junk = /^\.(?!well-known$)|~$/;

class Sentence extends Error {}

/** All files below a folder, as paths from there with "/" between; none where there is no folder. */
function filesIn(folder, below = "") {
  if (!existsSync(join(folder, below))) return [];
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter((entry) => !junk.test(entry.name))
    .flatMap((entry) => {
      const path = below ? `${below}/${entry.name}` : entry.name;
      return entry.isDirectory() ? filesIn(folder, path) : [path];
    })
    .sort();
}

function esbuild() {
  try {
    return createRequire(join(root, ".tools/npm/package.json"))("esbuild");
  } catch {
    throw new Sentence("esbuild is missing: run make setup.");
  }
}

/** What the site has beside pkg/: path -> bytes. */
async function assemble(release) {
  const files = new Map();
  for (const path of filesIn(join(root, "public"))) files.set(path, readFileSync(join(root, "public", path)));

  for (const path of ["embed.js", "embed-frame.js"]) {
    if (!files.has(path)) throw new Sentence(`public/${path} is missing: get it back with git restore public.`);
  }
  if (release) {
    for (const [path, bytes] of files) if (foreign.test(path)) files.set(path, await minified(path, bytes.toString()));
    files.set("embed.js", fitted(files.get("embed.js").toString(), files.get("embed-frame.js")));
  }

  for (const path of filesIn(join(root, texts)).filter((path) => extname(path) === ".json")) {
    files.set(`texts/${path}`, Buffer.from(JSON.stringify(JSON.parse(readFileSync(join(root, texts, path), "utf8")))));
  }
  for (const name of sheets) files.set(`css/${name}.css`, await stylesheet(name, release));
  files.set("editor.js", await editor(release));
  return files;
}

/** The loader asks for the other half that was built with it, by the beginning of its SHA-256. */
function fitted(loader, half) {
  const version = createHash("sha256").update(half).digest("hex").slice(0, 8);
  const parts = loader.split("/embed-frame.js?v=dev");
  if (parts.length !== 2) throw new Sentence("public/embed.js has to name /embed-frame.js?v=dev once.");
  return Buffer.from(parts.join(`/embed-frame.js?v=${version}`));
}

/** What runs on pages that we do not know, some of them in old browsers: classic scripts. */
async function minified(path, source) {
  try {
    new vm.Script(source, { filename: `public/${path}` });
  } catch (error) {
    throw new Sentence(`public/${path} has to be a classic script, without import and export: ${error.message}.`);
  }
  const { code } = await esbuild().transform(source, { minify: true, target: "es2018", legalComments: "none" });
  return Buffer.from(code);
}

/** url("/…") is an address on the site, not a file to bundle. */
const addresses = {
  name: "addresses",
  setup(build) {
    build.onResolve({ filter: /^\// }, ({ kind, path }) => (kind === "url-token" ? { path, external: true } : null));
  },
};

async function stylesheet(name, release) {
  const entry = `style/${name}.css`;
  if (!existsSync(join(root, entry))) throw new Sentence(`${entry} is missing: get it back with git restore style.`);
  const { outputFiles, warnings } = await esbuild().build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    legalComments: "none",
    logLevel: "warning",
    minify: release,
    outdir: "target/site/css",
    plugins: [addresses],
    sourcemap: release ? false : "inline",
    target: browsers,
    write: false,
  });
  if (release && warnings.length) throw new Sentence(`${entry} is not clean: mend what the warning above names.`);
  return Buffer.from(outputFiles[0].contents);
}

/** The agent's editor: a module of its own, so that only the console loads it. */
async function editor(release) {
  const entry = "scripts/editor/editor.mjs";
  if (!existsSync(join(root, entry))) throw new Sentence(`${entry} is missing: get it back with git restore scripts.`);
  const { outputFiles, warnings } = await esbuild().build({
    absWorkingDir: root,
    banner: { js: editorNotice },
    bundle: true,
    charset: "utf8",
    entryPoints: [entry],
    format: "esm",
    legalComments: "none",
    logLevel: "warning",
    minify: release,
    nodePaths: [join(root, ".tools/npm/node_modules")],
    outfile: "target/site/editor.js",
    sourcemap: release ? false : "inline",
    target: browsers,
    write: false,
  });
  if (release && warnings.length) throw new Sentence(`${entry} is not clean: mend what the warning above names.`);
  return Buffer.from(outputFiles[0].contents);
}

/** Leaves a file alone that is as it should be, so that its compressed copies stay good. */
function write(path, bytes) {
  const target = join(site, path);
  if (existsSync(target) && readFileSync(target).equals(bytes)) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
}

/** Removes what neither cargo-leptos nor this script made, and copies of what is gone. */
function prune(wanted, release) {
  for (const path of filesIn(site)) {
    const original = path.replace(copy, "");
    const known = wanted.has(original) || (original.startsWith("pkg/") && existsSync(join(site, original)));
    if (known && (path === original || release)) continue;
    rmSync(join(site, path));
    for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
      if (readdirSync(join(site, folder)).length) break;
      rmdirSync(join(site, folder));
    }
  }
}

const originals = () => filesIn(site).filter((path) => !copy.test(path));
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

async function compress(path) {
  const source = join(site, path);
  const { size, mtimeMs } = statSync(source);
  if (size <= worthCompressing || !compressible.has(extname(path))) {
    for (const end of [".br", ".gz"]) rmSync(source + end, { force: true });
    return;
  }
  const fresh = (end) => existsSync(source + end) && statSync(source + end).mtimeMs >= mtimeMs;
  if (fresh(".br") && fresh(".gz")) return;

  const bytes = readFileSync(source);
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: size };
  const [br, gz] = await Promise.all([brotli(bytes, { params }), gzip(bytes, { level: 9 })]);
  writeFileSync(`${source}.br`, br);
  writeFileSync(`${source}.gz`, gz);
}

/** Bytes of a file, and of what a browser is sent. */
function sizes(path) {
  const plain = statSync(join(site, path)).size;
  const br = join(site, `${path}.br`);
  return { path, plain, brotli: existsSync(br) ? statSync(br).size : plain };
}

function check() {
  const all = originals().map(sizes);
  const number = (bytes) => bytes.toLocaleString("en").padStart(11);
  const shown = all.filter(({ path, brotli, plain }) => brotli < plain || foreign.test(path));
  const width = Math.max(...shown.map(({ path }) => path.length), 5);
  console.log(`${"file".padEnd(width)}${"bytes".padStart(11)}${"brotli".padStart(11)}`);
  for (const { path, plain, brotli } of shown) console.log(path.padEnd(width) + number(plain) + number(brotli));

  const over = [];
  for (const budget of JSON.parse(readFileSync(join(root, "scripts/budgets.json"), "utf8"))) {
    const patterns = budget.files.map(
      (glob) => new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")}$`),
    );
    const counted = all.filter(({ path }) => patterns.some((pattern) => pattern.test(path)));
    if (!counted.length) throw new Sentence(`The budget "${budget.what}" finds no file: mend scripts/budgets.json.`);
    const sum = counted.reduce((total, { brotli }) => total + brotli, 0);
    console.log(`${budget.what}: ${sum} of ${budget.brotli} bytes`);
    if (sum > budget.brotli) {
      over.push(`${budget.what} (${budget.files.join(", ")}) is ${sum - budget.brotli} bytes over its budget`);
    }
  }
  if (over.length) throw new Sentence(`${over.join("; ")}: make it smaller. The budgets are in scripts/budgets.json.`);
}

async function release() {
  if (!filesIn(site).some((path) => /^pkg\/.*\.wasm$/.test(path))) {
    throw new Sentence("target/site/pkg has no WASM: run make build, which makes it first.");
  }
  const files = await assemble(true);
  prune(files, true);
  for (const [path, bytes] of files) write(path, bytes);
  await Promise.all(originals().map(compress));
  check();
}

/** Looks several times a second and acts on what has stood still since the last look: cargo-leptos empties the site. */
async function watch() {
  const look = () =>
    ["style", "public", "scripts/editor", texts]
      .flatMap((folder) => filesIn(join(root, folder)).map((path) => `${folder}/${path}`))
      .map((path) => `${path} ${statSync(join(root, path)).mtimeMs}`)
      .concat(sheets.map((name) => existsSync(join(site, `css/${name}.css`))))
      .concat(["embed.js", "editor.js"].map((name) => existsSync(join(site, name))))
      .join("\n");
  let last = "";
  let done = "";
  for (;;) {
    try {
      const seen = look();
      if (seen === last && seen !== done) {
        done = seen;
        const files = await assemble(false);
        prune(files, false);
        for (const [path, bytes] of files) write(path, bytes);
        done = look();
        console.log("Styles, editor and public files are ready.");
      }
      last = seen;
    } catch (error) {
      console.error(`frontdesk: ${error.message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

const modes = new Map([[undefined, release], ["--watch", watch]]);

try {
  const mode = modes.get(process.argv[2]);
  if (!mode) throw new Sentence(`bundle.mjs knows only --watch; leave out "${process.argv[2]}".`);
  await mode();
} catch (error) {
  console.error(error instanceof Sentence ? `\nfrontdesk: ${error.message}` : error);
  process.exitCode = 1;
}
