// Between the editor's document and the tree on the wire:
//
//   block = {"paragraph": inline} | {"bullet_list": [item…]} | {"ordered_list": [item…]} | {"quote": [block…]}
//         | {"code": "text"}
//   item = [block…]
//   inline = "plain text", or spans: "plain text" or {"text": "…", "bold": true, …, "link": "https://…"}
//
// A line feed inside a paragraph is a line break.

import { Fragment } from "prosemirror-model";
import { safeAddress } from "./links.mjs";
import { schema } from "./schema.mjs";

const switches = ["bold", "italic", "underline", "strike", "code"];
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text without what no keyboard types, lines parted by line feeds. */
export const cleanText = (text) => text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(control, "");

// ---- to the wire

/** The tree of a document; an empty one is []. */
export const toTree = (doc) => blocksOf(doc);

function blocksOf(parent) {
  const blocks = [];
  parent.forEach((node) => {
    if (node.type === schema.nodes.paragraph) {
      for (const inline of paragraphs(spansOf(node))) blocks.push({ paragraph: inline });
    } else if (node.type === schema.nodes.code_block) {
      const text = codeText(node.textContent);
      if (text) blocks.push({ code: text });
    } else if (node.type === schema.nodes.quote) {
      const inside = blocksOf(node);
      if (inside.length) blocks.push({ quote: inside });
    } else {
      const items = [];
      node.forEach((item) => items.push(blocksOf(item)));
      const full = items.filter((item) => item.length);
      if (full.length) blocks.push({ [node.type.name]: full });
    }
  });
  return blocks;
}

/** Code without the empty lines around it. */
export const codeText = (text) =>
  cleanText(text)
    .replace(/^([^\S\n]*\n)+/, "")
    .trimEnd();

function spansOf(paragraph) {
  const spans = [];
  paragraph.forEach((node) => {
    const span = { text: node.isText ? node.text : "\n" };
    for (const mark of node.marks) span[mark.type.name] = mark.type.name === "link" ? mark.attrs.href : true;
    spans.push(span);
  });
  return spans;
}

/**
 * Marked text as the paragraphs of the tree: parted at blank lines, without white space at their ends, equal neighbours
 * joined. Takes spans of the long form.
 */
export function paragraphs(spans) {
  const lines = [[]];
  for (const { text, ...marks } of spans) {
    cleanText(text)
      .split("\n")
      .forEach((part, i) => {
        // The line feed belongs to the marks it stands in, so that a marked paragraph stays one span.
        if (i > 0) lines.push([{ text: "\n", ...marks }]);
        if (part) lines.at(-1).push({ text: part, ...marks });
      });
  }
  const groups = [[]];
  for (const line of lines) {
    const blank = !line.some((span) => span.text.trim());
    if (blank && groups.at(-1).length) groups.push([]);
    if (!blank) groups.at(-1).push(...line);
  }
  return groups.filter((group) => group.length).map((group) => inlineOf(trimmed(join(group))));
}

const sameMarks = (a, b) => [...switches, "link"].every((name) => a[name] === b[name]);

function join(spans) {
  const joined = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && sameMarks(last, span)) last.text += span.text;
    else joined.push({ ...span });
  }
  return joined;
}

function trimmed(spans) {
  while (spans.length && !spans[0].text.trimStart()) spans.shift();
  while (spans.length && !spans.at(-1).text.trimEnd()) spans.pop();
  if (spans.length) {
    spans[0].text = spans[0].text.trimStart();
    spans.at(-1).text = spans.at(-1).text.trimEnd();
  }
  return spans;
}

function inlineOf(spans) {
  const short = spans.map((span) => (Object.keys(span).length === 1 ? span.text : span));
  return short.length === 1 && typeof short[0] === "string" ? short[0] : short;
}

// ---- from the wire

/** The document of a tree; of null or of what is no tree, an empty one. */
export function fromTree(tree) {
  const blocks = nodesOf(tree);
  return schema.nodes.doc.create(null, blocks.length ? blocks : schema.nodes.paragraph.create());
}

/** The blocks of a tree, unknown ones left out: what is stored may be from another version. */
function nodesOf(tree) {
  return (Array.isArray(tree) ? tree : []).map(nodeOf).filter(Boolean);
}

function nodeOf(block) {
  const [kind, content] = Object.entries(block ?? {})[0] ?? [];
  switch (kind) {
    case "paragraph":
      return schema.nodes.paragraph.create(null, inlineNodes(content));
    case "code": {
      const text = cleanText(String(content));
      return schema.nodes.code_block.create(null, text ? schema.text(text) : null);
    }
    case "quote":
      return around(schema.nodes.quote, nodesOf(content));
    case "bullet_list":
    case "ordered_list": {
      const items = (Array.isArray(content) ? content : [])
        .map((item) => around(schema.nodes.list_item, nodesOf(item)))
        .filter(Boolean);
      return around(schema.nodes[kind], items);
    }
    default:
      return null;
  }
}

const around = (type, content) => (content.length ? type.create(null, content) : null);

function inlineNodes(inline) {
  const spans = Array.isArray(inline) ? inline : [inline];
  const nodes = spans.flatMap((span) => {
    const { text = "", link, ...rest } = typeof span === "string" ? { text: span } : (span ?? {});
    const marks = switches.filter((name) => rest[name] === true).map((name) => schema.mark(name));
    const href = link && safeAddress(link);
    if (href) marks.push(schema.mark("link", { href }));
    return textNodes(String(text), marks);
  });
  return Fragment.from(nodes);
}

/** Text of one or more lines as nodes of a paragraph. */
export function textNodes(text, marks = []) {
  return cleanText(text)
    .split("\n")
    .flatMap((line, i) => [
      ...(i > 0 ? [schema.nodes.line_break.create(null, null, marks)] : []),
      ...(line ? [schema.text(line, marks)] : []),
    ]);
}
