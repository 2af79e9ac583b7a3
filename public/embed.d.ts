/**
 * The page API of Frontdesk's loader (`embed.js`), for pages written in TypeScript.
 *
 *     /// <reference path="./embed.d.ts" />
 *
 *     frontdesk('identify', { name: 'Ada', email: 'ada@example.org' });
 *     frontdesk('on', 'unread', (count) => showCount(count));
 *
 * To call it before the script has loaded, put this line before the script tag; what is called is done later, in order:
 *
 *     window.frontdesk = window.frontdesk || function () { (frontdesk.q = frontdesk.q || []).push(arguments); };
 *
 * Examples for plain pages, React, Vue and a tag manager, and the attributes of the script tag: docs/embedding.md.
 */

/** Who the visitor is, as the page knows it. The agent sees name and email marked as unproven unless `token` proves them. */
interface FrontdeskIdentity {
  name?: string;
  email?: string;
  /**
   * A signed identity (JWT, HS256) from the page's own server: docs/embedding.md shows how to make it. It is handed to
   * the chat's frame, never stored by the page.
   */
  token?: string;
}

/** A value that can be written as JSON; anything else is left out. */
type FrontdeskValue = string | number | boolean | null | FrontdeskValue[] | { [key: string]: FrontdeskValue };

/** What an agent has written. */
interface FrontdeskMessage {
  /** Without its formatting, and empty where it is files alone. */
  text: string;
  /** The agent's name. */
  by: string;
  /** When it was sent, in milliseconds since 1970. */
  at: number;
}

/** Which chat it is, as agents see it. */
interface FrontdeskChat {
  /** Its number, as a text. */
  chat: string;
}

/** What a handler of each event is called with. */
interface FrontdeskEvents {
  /** The API is there. Whoever asks later is called at once. */
  ready: [];
  /** The panel was opened, or was still open from the page before. */
  open: [];
  /** The panel was closed. */
  close: [];
  /** A message has come from an agent. */
  message: [message: FrontdeskMessage];
  /** The number of messages that the visitor has not seen. */
  unread: [count: number];
  'chat-started': [chat: FrontdeskChat];
  'chat-ended': [chat: FrontdeskChat];
}

/** The function `frontdesk`: the first argument says what to do. Nothing is returned, and an unknown method only warns. */
interface Frontdesk {
  /** Opens the panel and moves the focus into it. Counts as the visitor's touch. */
  (method: 'open'): void;
  /** Closes the panel; a chat goes on. */
  (method: 'close'): void;
  /** Opens or closes the panel. */
  (method: 'toggle'): void;
  /** Shows the launcher again, after `hide` or `shutdown`. */
  (method: 'show'): void;
  /** Closes the panel and hides the launcher. `open` still opens the panel, for pages with a button of their own. */
  (method: 'hide'): void;
  /** Says who the visitor is; `null` takes it back. Kept for this page only, and not sent before the chat is opened. */
  (method: 'identify', person: FrontdeskIdentity | null): void;
  /**
   * Tells something about the visitor, for agents to read. Kept are 20 texts, numbers and truth values. Values add to those that were set before on this page; `null` in the place of a
   * value says that there is none any more. Not sent before the chat is opened.
   */
  (method: 'set', values: { [key: string]: FrontdeskValue }): void;
  /**
   * Calls `handler` at each event, for as long as the page lives. Each call is a task of its own: an error in a handler
   * is reported by the browser as the page's, and stops nothing.
   */
  <Name extends keyof FrontdeskEvents>(method: 'on', event: Name, handler: (...values: FrontdeskEvents[Name]) => void): void;
  /**
   * With `data-consent="required"` nothing is remembered or reported before `true`, on each page. `false` ends the chat's
   * frame and forgets what was remembered.
   */
  (method: 'consent', given: boolean): void;
  /**
   * Forgets the visitor (at logging out, for example): storage, identity, frame and launcher. `show` or `open` bring the
   * chat back, for a new visitor; this page remembers nothing until `consent` with `true`, or the next page.
   */
  (method: 'shutdown'): void;

  /** Calls from before the script had loaded. */
  q?: ArrayLike<unknown>[];
  /** Set by the script. */
  loaded?: true;
}

interface Window {
  frontdesk: Frontdesk;
}

declare const frontdesk: Frontdesk;
