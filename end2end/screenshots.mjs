#!/usr/bin/env node
// Takes the pictures of the README: node screenshots.mjs DIRECTORY
//
// The pictures show the real release binary in a real browser, like the tests, and with their helpers.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const LARGEST_KB = 300;

const [directory] = process.argv.slice(2);
if (!directory) {
  console.error('Usage: node screenshots.mjs DIRECTORY');
  process.exit(2);
}
const target = path.resolve(directory);
mkdirSync(target, { recursive: true });

const { status } = spawnSync('node_modules/.bin/playwright', ['test', '--config', 'screenshots/playwright.config.ts'], {
  cwd: import.meta.dirname,
  env: { ...process.env, SCREENSHOTS: target },
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

for (const file of readdirSync(target).filter((name) => name.endsWith('.png'))) {
  const kilobytes = Math.ceil(statSync(path.join(target, file)).size / 1_000);
  const tooLarge = kilobytes > LARGEST_KB;
  console.log(`${String(kilobytes).padStart(5)} KB  ${file}${tooLarge ? `  is larger than ${LARGEST_KB} KB` : ''}`);
  if (tooLarge) process.exitCode = 1;
}
