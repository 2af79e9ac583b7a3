// What comes in from elsewhere. A page's or a word processor's HTML is read into our tree, which has no place for
// anything else; only the tree goes on into the document.

import { DOMSerializer, Fragment, Slice } from "prosemirror-model";
import { around } from "./commands.mjs";
import { catchUp } from "./cursor.mjs";
import { safeAddress } from "./links.mjs";
import { deepest, schema } from "./schema.mjs";
import { cleanText, codeText, fromTree, paragraphs, textNodes } from "./tree.mjs";

/** Characters and blocks that one paste brings at most; a message may have as many. */
const most = { characters: 10_000, blocks: 1_000 };

const set = (names) => new Set(names.split(" "));
// With all that is in them.
const dropped = set(
  "APPLET AUDIO BASE BUTTON CANVAS DATALIST EMBED FRAME FRAMESET HEAD IFRAME IMG INPUT LINK MAP MATH META METER " +
    "NOFRAMES NOSCRIPT OBJECT OPTION PICTURE PROGRESS SCRIPT SELECT STYLE SVG TEMPLATE TEXTAREA TITLE TRACK VIDEO",
);
const blocks = set(
  "ADDRESS ARTICLE ASIDE BODY CAPTION CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM HEADER HR " +
    "LI MAIN NAV P SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD",
);
const headings = set("H1 H2 H3 H4 H5 H6");
const markOf = {
  B: "bold",
  STRONG: "bold",
  I: "italic",
  EM: "italic",
  U: "underline",
  INS: "underline",
  S: "strike",
  STRIKE: "strike",
  DEL: "strike",
  CODE: "code",
  KBD: "code",
  SAMP: "code",
  TT: "code",
};

const styleAttribute = "data-pasted";

/** What an element's style says, which never takes effect. */
function declarations(element) {
  const found = {};
  for (const part of (element.getAttribute(styleAttribute) ?? "").toLowerCase().split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0) found[part.slice(0, colon).trim()] = part.slice(colon + 1).trim();
  }
  return found;
}

/** The marks inside an element: those around it, its own, and what its style says of both. */
function marksIn(element, around, style) {
  const marks = { ...around };
  const own = markOf[element.nodeName];
  if (own) marks[own] = true;
  const weight = style["font-weight"];
  if (weight) marks.bold = /^bold|^[6-9]\d\d/.test(weight);
  if (style["font-style"]) marks.italic = /^(italic|oblique)/.test(style["font-style"]);
  const line = style["text-decoration-line"] ?? style["text-decoration"] ?? "";
  if (/none/.test(line) && (own === "underline" || own === "strike")) delete marks[own];
  // Links are underlined anyway.
  if (/underline/.test(line) && element.nodeName !== "A" && !marks.link) marks.underline = true;
  if (/line-through/.test(line)) marks.strike = true;
  if (element.nodeName === "A") {
    const href = safeAddress(element.getAttribute("href"));
    if (href) marks.link = href;
    if (marks.link) delete marks.underline;
  }
  for (const name of Object.keys(marks)) if (!marks[name]) delete marks[name];
  return marks;
}

/** Collects blocks: marked text gathers in a paragraph until a block begins or ends. */
class Reader {
  constructor(depth) {
    this.depth = depth;
    this.blocks = [];
    this.spans = [];
  }

  /** The blocks inside an element, as of their own. */
  static inside(element, marks, keep, depth) {
    const reader = new Reader(depth);
    reader.children(element, marks, keep);
    return reader.end();
  }

  end() {
    this.flush();
    return nestWordLists(this.blocks);
  }

  flush() {
    for (const inline of paragraphs(this.spans)) this.blocks.push({ paragraph: inline });
    this.spans = [];
  }

  add(block) {
    this.flush();
    this.blocks.push(block);
  }

  children(element, marks, keep) {
    for (const child of element.childNodes) this.node(child, marks, keep);
  }

  node(node, marks, keep) {
    if (node.nodeType === Node.TEXT_NODE) this.text(node.data, marks, keep);
    else if (node.nodeType === Node.ELEMENT_NODE) this.element(node, marks, keep);
  }

  text(data, marks, keep) {
    let text = keep ? cleanText(data) : data.replace(/[ \t\r\n\f]+/g, " ");
    if (text === "\u00a0") text = " ";
    const last = this.spans.at(-1)?.text;
    if (!keep && (last === undefined || /\s$/.test(last))) text = text.replace(/^ +/, "");
    if (text) this.spans.push({ text, ...marks });
  }

  element(element, around, keepAround) {
    const name = element.nodeName.toUpperCase();
    const style = declarations(element);
    if (dropped.has(name) || element.hidden || style.display === "none" || style["mso-hide"] === "all") return;
    if (style["mso-list"] === "ignore") return;
    // What reviewers noted beside the text, and the signs that lead there.
    if (style["mso-element"]?.startsWith("comment") || element.classList.contains("msocomanchor")) return;
    const marks = marksIn(element, around, style);
    const space = style["white-space"] ?? style["white-space-collapse"];
    const keep = space ? /^(pre|break-spaces)/.test(space) : keepAround;
    if (name === "BR") this.spans.push({ text: "\n", ...marks });
    else if (name === "PRE") this.code(element);
    else if (name === "UL" || name === "OL") this.list(element, name, marks, keep);
    else if (name === "BLOCKQUOTE") this.quote(element, marks, keep);
    else if (name === "TR") this.row(element, marks, keep);
    else if (wordLevel(style)) this.wordItem(element, marks, keep, wordLevel(style));
    else if (headings.has(name)) this.block(element, { ...marks, bold: true }, keep);
    else if (blocks.has(name)) this.block(element, marks, keep);
    else this.children(element, marks, keep);
  }

  block(element, marks, keep) {
    this.flush();
    this.children(element, marks, keep);
    this.flush();
  }

  code(element) {
    const copy = element.cloneNode(true);
    for (const line of copy.querySelectorAll("br")) line.replaceWith("\n");
    const text = codeText(copy.textContent);
    if (text) this.add({ code: text });
  }

  quote(element, marks, keep) {
    if (this.depth >= deepest) {
      this.block(element, marks, keep);
      return;
    }
    const quote = Reader.inside(element, marks, keep, this.depth + 1);
    if (quote.length) this.add({ quote });
  }

  list(element, name, marks, keep) {
    if (this.depth >= deepest) {
      this.block(element, marks, keep);
      return;
    }
    const items = [];
    for (const child of element.children) {
      const inside = new Reader(this.depth + 1);
      const isItem = child.nodeName === "LI";
      // A list right inside a list belongs to the item before it.
      if (isItem) inside.children(child, marksIn(child, marks, declarations(child)), keep);
      else inside.node(child, marks, keep);
      const found = inside.end();
      if (!isItem && items.length) items.at(-1).push(...found);
      else if (found.length) items.push(found);
    }
    if (items.length) this.add({ [name === "OL" ? "ordered_list" : "bullet_list"]: items });
  }

  /** A row of a table is a line; one that holds more than words is the blocks of its cells. */
  row(element, marks, keep) {
    this.flush();
    const cells = [...element.children].map((cell) => {
      return Reader.inside(cell, marksIn(cell, marks, declarations(cell)), keep, this.depth);
    });
    const full = cells.filter((cell) => cell.length);
    if (full.every((cell) => cell.length === 1 && cell[0].paragraph)) {
      const spans = full.flatMap(([{ paragraph }], i) => [
        ...(i > 0 ? [{ text: " | " }] : []),
        ...[paragraph].flat().map((span) => (typeof span === "string" ? { text: span } : span)),
      ]);
      for (const inline of paragraphs(spans)) this.add({ paragraph: inline });
    } else {
      this.blocks.push(...full.flat());
    }
  }

  /** Word writes the items of a list as paragraphs with a level and a sign that is text. */
  wordItem(element, marks, keep, level) {
    const styled = [...element.querySelectorAll(`[${styleAttribute}]`)];
    const sign = styled.find((part) => declarations(part)["mso-list"] === "ignore");
    const ordered = /^\W?[0-9a-z]{1,4}[.)]/i.test(sign?.textContent.trim() ?? "");
    const inside = Reader.inside(element, marks, keep, this.depth + level);
    if (inside.length) this.add({ word: { level, ordered }, inside });
  }
}

function wordLevel(style) {
  const level = Number(/\blevel(\d)/.exec(style["mso-list"] ?? "")?.[1] ?? 0);
  return Math.min(level, deepest);
}

/** Puts Word's items, one after the other, into lists inside lists. */
function nestWordLists(found) {
  const nested = [];
  let open = [];
  for (const block of found) {
    if (!block.word) {
      open = [];
      nested.push(block);
      continue;
    }
    const { level, ordered } = block.word;
    const kind = ordered ? "ordered_list" : "bullet_list";
    while (open.length && open.at(-1).level > level) open.pop();
    if (open.at(-1)?.level === level && open.at(-1).kind !== kind) open.pop();
    if (open.at(-1)?.level !== level) {
      const items = [];
      (open.at(-1)?.items.at(-1) ?? nested).push({ [kind]: items });
      open.push({ level, kind, items });
    }
    open.at(-1).items.push(block.inside);
  }
  return nested;
}

/**
 * HTML whose styles and handlers have other names. The page's policy forbids them, and a browser complains about each,
 * even in a document that nobody sees.
 */
const unarmed = (html) =>
  html.replace(/<\/?[a-z][^<>]*>/gi, (tag) => {
    if (/^<base\b/i.test(tag)) return "";
    return tag
      .replace(/\sstyle(?=\s*=)/gi, ` ${styleAttribute}`)
      .replace(/\son[a-z]+(?=\s*=)/gi, " data-dropped")
      .replace(/^(<\/?)style\b/i, "$1title");
  });

/** The tree of somebody else's HTML. */
export function treeOfHtml(html) {
  const { body } = new DOMParser().parseFromString(unarmed(html), "text/html");
  return body ? Reader.inside(body, {}, false, 0) : [];
}

/** Plain text as blocks: a blank line parts paragraphs, a single line feed is a line break. */
export function blocksOfText(text) {
  return cleanText(text)
    .split(/\n[^\S\n]*\n\s*/)
    .map((part) => schema.nodes.paragraph.create(null, textNodes(part.replace(/^\n+|\s+$/g, ""))))
    .filter((node, i, all) => node.content.size > 0 || all.length === 1);
}

/** A list keeps its first sign when it is pasted behind words, which its first item would else continue. */
function ofItsOwn(slice, view) {
  const { $from } = view.state.selection;
  const begins = slice.content.firstChild;
  const apart = begins?.isBlock && !begins.isTextblock && around($from, schema.nodes.list_item) < 0 && isWhole(begins);
  return apart ? new Slice(slice.content, 0, slice.openEnd) : slice;
}

/** A copy that begins or ends in the middle of a node, or claims to, is not. */
function isWhole(node) {
  try {
    node.check();
    return true;
  } catch {
    return false;
  }
}

/** As much of a slice as one paste may bring, up to the end of a word. */
function bounded(slice) {
  let { characters, blocks } = most;
  let end = -1;
  slice.content.descendants((node, pos) => {
    if (end >= 0) return false;
    if (node.isBlock && node.type !== schema.nodes.list_item) blocks -= 1;
    if (blocks < 0) end = pos;
    else if (node.isText && node.text.length > characters) end = pos + wordsEnd(node.text.slice(0, characters));
    else if (node.isText) characters -= node.text.length;
    return end < 0;
  });
  if (end < 0) return slice;
  const content = slice.content.cut(0, end);
  let openEnd = 0;
  for (let node = content.lastChild; node && !node.isInline; node = node.lastChild) openEnd += 1;
  return new Slice(content, slice.openStart, Math.min(openEnd, slice.openEnd));
}

/** Where the last whole word of a text ends, or at least its last whole character. */
function wordsEnd(text) {
  const space = text.search(/\s\S{0,80}$/);
  if (space > 0) return space;
  return /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
}

const oneAddress = (text) => (/\s/.test(text.trim()) ? null : safeAddress(text));

/** Links the selected words when what is pasted is an address and nothing else. */
function linkSelection(view, event) {
  const { selection, tr } = view.state;
  const href = oneAddress(event.clipboardData?.getData("text/plain") ?? "");
  const { $from, $to } = selection;
  if (!href || selection.empty || !$from.sameParent($to)) return false;
  const type = schema.marks.link;
  if (!$from.parent.inlineContent || !$from.parent.type.allowsMarkType(type)) return false;
  const { from, to } = selection;
  view.dispatch(tr.removeMark(from, to, type).addMark(from, to, type.create({ href })).scrollIntoView());
  return true;
}

/**
 * The files of a paste or a drop. A word processor's words come with a picture of themselves: where there are words,
 * they are meant.
 */
function filesOf(transfer) {
  const files = [...(transfer?.files ?? [])];
  if (!files.length) return [];
  const html = transfer.getData("text/html");
  return html && treeOfHtml(html).length ? [] : files;
}

const fileHandler = (transferOf, onFiles) => (view, event) => {
  catchUp();
  const files = filesOf(transferOf(event));
  if (!files.length) return false;
  event.preventDefault();
  onFiles?.(files);
  return true;
};

/** What the editor does with what is pasted and dropped; files go to `onFiles`. */
export function pasteProps(onFiles) {
  const serializer = DOMSerializer.fromSchema(schema);
  return {
    handleDOMEvents: {
      paste: fileHandler((event) => event.clipboardData, onFiles),
      drop: fileHandler((event) => event.dataTransfer, onFiles),
    },
    // Our own copies are marked, and the schema reads them as strictly.
    transformPastedHTML(html) {
      if (/\sdata-pm-slice="/.test(html)) return unarmed(html);
      const holder = document.implementation.createHTMLDocument("").createElement("div");
      const tree = treeOfHtml(html);
      const options = { document: holder.ownerDocument };
      if (tree.length) holder.append(serializer.serializeFragment(fromTree(tree).content, options));
      return holder.innerHTML;
    },
    transformPastedText: cleanText,
    clipboardTextParser: (text) => Slice.maxOpen(Fragment.from(blocksOfText(text))),
    transformPasted: (slice, view) => ofItsOwn(bounded(slice), view),
    handlePaste: (view, event, slice) => linkSelection(view, event) || slice.size === 0,
  };
}
