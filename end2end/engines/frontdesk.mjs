// What the browsers look at: the real server, and a customer's website that embeds it.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { freePort, newFolder, run, until } from './webdriver.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const binary = path.resolve(root, process.env.FRONTDESK_BIN || 'target/release/frontdesk');
/** Nothing of the caller's settings reaches the server that is tested. */
const env = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR };

/** The real binary on a free port and fresh data, with one agent; its address. */
export async function startFrontdesk(agent) {
  const data = newFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await run(binary, ['serve', '--addr', `127.0.0.1:${port}`, '--data', data], env);
  await until('Frontdesk answers', async () => {
    if (server.exitCode !== null) throw new Error(`${binary} does not serve:\n${server.written}`);
    return fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
  });
  await addAgent(data, agent);
  return url;
}

function addAgent(data, { name, email, password }) {
  const args = ['agent', 'add', '--name', name, '--email', email, '--password-stdin', '--data', data];
  return new Promise((resolve, reject) => {
    const adding = execFile(binary, args, { env }, (error, out, err) =>
      error ? reject(new Error(`frontdesk agent add failed: ${out}${err}`)) : resolve(),
    );
    adding.stdin.end(`${password}\n`);
  });
}

/**
 * A customer's website: of another origin than Frontdesk, and of another site (`localhost`, not 127.0.0.1), under the
 * strictest policy that the documentation asks for; its address. It ends with us.
 */
export async function startWebsite(from) {
  const policy = `default-src 'self'; script-src ${from}; frame-src ${from}; connect-src ${from}; style-src 'self'`;
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tents</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <script async src="${from}/embed.js"></script></head>
    <body><h1>Tents</h1><p>Well made.</p></body></html>`;
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  const http = createServer((request, response) => {
    if (request.url === '/') response.writeHead(200, headers).end(page);
    else response.writeHead(404).end();
  });
  http.listen(0, '127.0.0.1').unref();
  await once(http, 'listening');
  return `http://localhost:${http.address().port}/`;
}
