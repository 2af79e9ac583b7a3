import { test as base, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { type Account, Agent } from './agent';
import { ApiAgent } from './api';
import { Server } from './server';
import { Visitor } from './visitor';
import { Watch } from './watch';

export { expect } from '@playwright/test';

export const password = 'correct horse battery';

interface Fixtures {
  /** A fresh server of this test's own. */
  server: Server;
  /** Fails the test when any page of it complains. */
  watch: Watch;
  /** Opens a browser of somebody's own: cookies, storage and pages that nobody else sees. */
  browserOf: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** Another visitor, in the shop. */
  newVisitor: (options?: BrowserContextOptions) => Promise<Visitor>;
  /** Another agent, logged in and available. */
  newAgent: (name: string, options?: BrowserContextOptions) => Promise<Agent>;
  /** An agent without a browser, available and connected: visitors are offered a chat. */
  apiAgent: ApiAgent;
  visitor: Visitor;
  /** Anna Berg, logged in and available. */
  agent: Agent;
  /** Ada Boss, an admin, logged in. */
  admin: Agent;
  /** The visitor Vera and the agent Anna in a chat that Anna has accepted; Vera's first message is "Hello". */
  chat: { visitor: Visitor; agent: Agent };
}

export const test = base.extend<Fixtures>({
  watch: [
    async ({}, use) => {
      const watch = new Watch();
      await use(watch);
      watch.report();
    },
    { auto: true },
  ],

  server: async ({}, use, info) => {
    const server = await Server.start();
    try {
      await use(server);
      await server.stop();
      if (/panicked at/.test(server.log)) throw new Error(`The server panicked:\n${server.log}`);
    } finally {
      if (info.errors.length) await info.attach('server.log', { body: server.log, contentType: 'text/plain' });
      await server.remove();
    }
  },

  browserOf: async ({ browser, server, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: server.url, ...options });
      watch.on(context);
      opened.push(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },

  newVisitor: async ({ browserOf }, use) => {
    await use(async (options) => {
      const context = await browserOf(options);
      const visitor = new Visitor(await context.newPage());
      await visitor.visit();
      return visitor;
    });
  },

  newAgent: async ({ browserOf, server }, use) => {
    await use(async (name, options) => {
      const account = accountOf(name);
      await server.agentAdd(account);
      const context = await browserOf(options);
      const agent = new Agent(await context.newPage(), account);
      await agent.logIn();
      return agent;
    });
  },

  apiAgent: async ({ server }, use) => {
    const account = accountOf('Paula Program');
    await server.agentAdd(account);
    const agent = await ApiAgent.logIn(server, account);
    const socket = await agent.connect();
    await use(agent);
    socket.close();
  },

  visitor: async ({ newVisitor }, use) => use(await newVisitor()),

  agent: async ({ newAgent }, use) => use(await newAgent('Anna Berg')),

  admin: async ({ server, browserOf }, use) => {
    const account = accountOf('Ada Boss');
    await server.agentAdd({ ...account, role: 'admin' });
    const admin = new Agent(await (await browserOf()).newPage(), account);
    await admin.logIn();
    await use(admin);
  },

  chat: async ({ agent, visitor }, use) => {
    await visitor.start({ name: 'Vera', email: 'vera@example.com', message: 'Hello' });
    await agent.accept('Vera');
    await visitor.findingAgent.waitFor({ state: 'hidden' });
    await use({ visitor, agent });
  },
});

/** An account for a name such as "Anna Berg": anna@example.com. */
export function accountOf(name: string): Account {
  return { name, email: `${name.split(' ')[0].toLowerCase()}@example.com`, password };
}
