import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as base } from './test';

/** What a page says beside its heading. */
export interface HostPage {
  /** Into the head, before our script and after the style sheet. */
  head?: string;
  /** Attributes of our script tag. */
  attributes?: string;
  /** A style sheet of the page. */
  css?: string;
  /** So many tags of ours. */
  tags?: number;
  /** A script of the page's own, `/site.js`: before the tags of ours, which it may bring itself. */
  script?: string;
  /** More of its policy. */
  policy?: string;
}

/**
 * A customer's website: of another origin than Frontdesk, and of another site (`localhost`, not 127.0.0.1), under the
 * strictest policy that the README asks for. It has the pages `/` and `/tents`.
 */
export class Host {
  page: HostPage = {};

  private constructor(
    private readonly http: HttpServer,
    private readonly frontdesk: () => string,
  ) {}

  static async start(frontdesk: () => string): Promise<Host> {
    const http = createServer();
    const host = new Host(http, frontdesk);
    http.on('request', (request, response) => {
      const path = new URL(request.url ?? '/', 'http://host').pathname;
      if (path === '/site.css') {
        response.setHeader('content-type', 'text/css').end(host.page.css ?? '');
      } else if (path === '/site.js') {
        response.setHeader('content-type', 'text/javascript').end(host.page.script ?? '');
      } else if (path === '/' || path === '/tents') {
        response.setHeader('content-security-policy', host.policy).setHeader('content-type', 'text/html; charset=utf-8');
        response.end(host.document(path === '/' ? 'Home' : 'Tents'));
      } else {
        response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
      }
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return host;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** The same pages, of another origin. */
  get otherUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private get policy(): string {
    const from = this.frontdesk();
    const { script, policy = '' } = this.page;
    const scripts = script === undefined ? from : `${from} 'self'`;
    return `default-src 'self'; script-src ${scripts}; frame-src ${from}; connect-src ${from}; style-src 'self'; ${policy}`;
  }

  private document(title: string): string {
    const { head = '', attributes = '', tags = 1, script } = this.page;
    const own = script === undefined ? '' : '<script src="/site.js"></script>';
    const tag = `<script async src="${this.frontdesk()}/embed.js" ${attributes}></script>`;
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="stylesheet" href="/site.css">${head}${own}${tag.repeat(tags)}</head>
      <body><h1>${title}</h1><p><a href="/">Home</a> <a href="/tents">Tents</a></p>${'<p>Well made.</p>'.repeat(40)}</body></html>`;
  }
}

/** With a customer's website that embeds the test's own server. */
export const test = base.extend<{ host: Host }>({
  host: async ({ server }, use) => {
    const host = await Host.start(() => server.url);
    try {
      await use(host);
    } finally {
      await host.stop();
    }
  },
});

export { expect } from './test';
