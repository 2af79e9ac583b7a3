import { randomBytes } from 'node:crypto';
import type { Account } from './agent';
import { LiveSocket, protocol } from './live';
import type { Server } from './server';

export type Span = string | { text: string; bold?: boolean; italic?: boolean; link?: string };
export type Block =
  | { paragraph: string | Span[] }
  | { bullet_list: Block[][] }
  | { ordered_list: Block[][] }
  | { quote: Block[] }
  | { code: string };
export type Text = Block[];
export interface PageView {
  at: number;
  url: string;
  title: string;
}

/** A command as it goes over the wire; see docs/protocol.md. */
export type Command =
  | { type: 'start'; text: Text; name?: string; email?: string; page?: PageView }
  | { type: 'send'; text: Text; attachments?: string[] }
  | { type: 'view_page'; page: PageView }
  | { type: 'mark_delivered' | 'mark_read'; up_to: number }
  | { type: 'accept' | 'end' };

export interface Answer {
  status: number;
  body: any;
}

export interface Caller {
  token?: string;
  cookie?: string;
  headers?: Record<string, string>;
}

/** Text as it goes over the wire. */
export function text(paragraph: string): Text {
  return [{ paragraph }];
}

/** Calls a server function, as a program would. */
export async function call(server: Server, path: string, body: unknown, { token, cookie, headers }: Caller = {}): Promise<Answer> {
  const answer = await fetch(`${server.url}/api/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(cookie && { cookie }),
      ...headers,
    },
  });
  const said = await answer.text();
  try {
    return { status: answer.status, body: JSON.parse(said) };
  } catch {
    return { status: answer.status, body: said };
  }
}

/** An agent without a browser. */
export class ApiAgent {
  private constructor(
    private readonly server: Server,
    readonly cookie: string,
  ) {}

  /** Logs in, available for chat. */
  static async logIn(server: Server, { email, password }: Account): Promise<ApiAgent> {
    const body = new URLSearchParams({ email, password });
    const answer = await fetch(`${server.url}/login`, { method: 'POST', body, redirect: 'manual' });
    const [session] = answer.headers.getSetCookie();
    if (!session) throw new Error(`The log-in was answered ${answer.status}: ${await answer.text()}`);
    return new ApiAgent(server, session.split(';')[0]);
  }

  /** A live connection, as an open console has it: while it stands, visitors are offered a chat. */
  async connect(): Promise<LiveSocket> {
    const socket = await LiveSocket.open(this.server, { cookie: this.cookie });
    socket.say({ type: 'hello', protocol, cursors: [] });
    await socket.next('welcome');
    return socket;
  }

  async call(path: string, body: unknown): Promise<Answer> {
    return call(this.server, path, body, { cookie: this.cookie });
  }

  async command(chat: number, command: Command, id: string = crypto.randomUUID()): Promise<Answer> {
    return this.call('agent/command', { chat, id, command });
  }
}

/** A visitor without a browser. */
export class ApiVisitor {
  readonly token = randomBytes(32).toString('base64url');

  constructor(private readonly server: Server) {}

  async command(chat: number | null, command: Command, id: string = crypto.randomUUID()): Promise<Answer> {
    return call(this.server, 'visitor/command', { chat, id, command }, { token: this.token });
  }

  /** Starts a chat and returns its number. */
  async start(message: string, more: { name?: string; page?: PageView } = {}): Promise<number> {
    return this.succeed(null, { type: 'start', text: text(message), ...more });
  }

  async send(chat: number, message: string): Promise<void> {
    await this.succeed(chat, { type: 'send', text: text(message) });
  }

  private async succeed(chat: number | null, command: Command): Promise<number> {
    const { status, body } = await this.command(chat, command);
    if (status !== 200) throw new Error(`${command.type} was answered ${status}: ${JSON.stringify(body)}`);
    return body.chat;
  }
}
