import { randomBytes } from 'node:crypto';
import type { Server } from './server';

export type Text = { paragraph: string }[];
export interface PageView {
  at: number;
  url: string;
  title: string;
}

/** A command as it goes over the wire; see docs/protocol.md. */
export type Command =
  | { type: 'start'; text: Text; name?: string; email?: string; page?: PageView }
  | { type: 'send'; text: Text }
  | { type: 'view_page'; page: PageView }
  | { type: 'mark_read'; up_to: number }
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
