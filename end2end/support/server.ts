import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const binary = path.resolve(import.meta.dirname, '..', process.env.FRONTDESK_BIN || '../target/release/frontdesk');

/** Nothing of the caller's settings reaches the server that is tested. */
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR };

export interface NewAgent {
  name: string;
  email: string;
  password: string;
  role?: 'admin' | 'agent';
  departments?: string[];
}

/** The real binary on a port and a data directory of its own. */
export class Server {
  /** All that it has written since the test began, over all its starts. */
  log = '';
  private process?: ChildProcess;

  private constructor(
    readonly port: number,
    readonly data: string,
  ) {}

  /** A server in which nobody has been yet. */
  static async start(): Promise<Server> {
    const data = await mkdtemp(path.join(tmpdir(), 'frontdesk-end2end-'));
    const server = new Server(await freePort(), data);
    await server.serve();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Pulls the plug. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Starts it again, on the same port and data, with these settings. */
  async restart(settings: Record<string, string> = {}): Promise<void> {
    await this.serve(settings);
  }

  /** Asks it to end; it must do so by itself, in good order and time. */
  async stop(): Promise<void> {
    const began = Date.now();
    const code = await this.end('SIGTERM');
    if (code !== 0) throw new Error(`The server ended with ${code} when it was asked to stop:\n${this.log}`);
    if (Date.now() - began > 5_000) throw new Error(`The server took ${Date.now() - began} ms to stop.`);
  }

  /** Ends it if it runs, and removes what it kept. */
  async remove(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
  }

  /** The one-time link that the latest start has printed. */
  async setupLink(): Promise<string> {
    return this.printed(/\S+\/setup\?token=\S+/g);
  }

  /** `frontdesk agent add`, beside the running server. */
  async agentAdd({ name, email, password, role, departments = [] }: NewAgent): Promise<void> {
    const more = [...(role ? ['--role', role] : []), ...departments.flatMap((department) => ['--department', department])];
    const args = ['agent', 'add', '--name', name, '--email', email, ...more, '--password-stdin', '--data', this.data];
    await new Promise<void>((resolve, reject) => {
      const adding = execFile(binary, args, { env: environment }, (error, out, err) =>
        error ? reject(new Error(`frontdesk agent add failed: ${out}${err}`)) : resolve(),
      );
      adding.stdin!.end(`${password}\n`);
    });
  }

  /** The last text of the log that matches, as soon as there is one. */
  private async printed(pattern: RegExp): Promise<string> {
    return until(`the server to print ${pattern}`, () => this.log.match(pattern)?.at(-1));
  }

  private async serve(settings: Record<string, string> = {}): Promise<void> {
    const args = ['serve', '--addr', `127.0.0.1:${this.port}`, '--data', this.data];
    const started = spawn(binary, args, { env: { ...environment, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = started;
    running.add(started);
    let ended = '';
    started.on('error', (error) => (ended = error.message));
    started.on('exit', (code, signal) => {
      running.delete(started);
      ended = `exit ${code ?? signal}`;
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    }
    await until('the server to answer', async () => {
      if (ended) throw new Error(`${binary} does not serve (${ended}):\n${this.log}`);
      return fetch(`${this.url}/healthz`).then((answer) => answer.ok, () => false);
    });
  }

  /** Sends a signal and returns the exit code; 0 when it does not run. */
  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const ending = this.process;
    this.process = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return 0;
    const exit = once(ending, 'exit');
    ending.kill(signal);
    const [code] = await exit;
    return code;
  }
}

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((server) => server.kill('SIGKILL')));

let nextPort = 20_000 + (process.pid % 120) * 100;

/** A free port below those that outgoing connections get, so that it is still free after a kill. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort++;
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (free) {
      await new Promise((resolve) => probe.close(resolve));
      return port;
    }
  }
}

/** Asks again and again until there is an answer. */
async function until<T>(what: string, ask: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited in vain for ${what}.`);
}
