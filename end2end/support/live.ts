import WebSocket from 'ws';
import type { Server } from './server';

/** The version of the live connection's protocol. */
export const protocol = 2;

export interface Closed {
  code: number;
  reason: string;
}

/** A live connection without a browser. */
export class LiveSocket {
  readonly closed: Promise<Closed>;
  private readonly frames: string[] = [];
  private taken = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (frame) => this.frames.push(frame.toString()));
    this.closed = new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /** Connects; rejects with the status when the server does not want to. */
  static async open(server: Server, headers: Record<string, string> = {}): Promise<LiveSocket> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/live`, { headers });
    const live = new LiveSocket(socket);
    await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return live;
  }

  say(frame: object): void {
    this.sayText(JSON.stringify(frame));
  }

  sayText(frame: string): void {
    this.socket.send(frame);
  }

  /** The next frame of this type. */
  async next(type: string): Promise<any> {
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      while (this.taken < this.frames.length) {
        const frame = JSON.parse(this.frames[this.taken++]);
        if (frame.type === type) return frame;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`No frame "${type}" came, but:\n${this.heard()}`);
  }

  /** All that came so far. */
  heard(): string {
    return this.frames.join('\n');
  }

  close(): void {
    this.socket.close();
  }
}
