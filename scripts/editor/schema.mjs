// What a reply can hold: the same tree as on the wire, so that nothing else can get in, whatever is pasted.

import { Schema } from "prosemirror-model";
import { safeAddress } from "./links.mjs";

const simple = (tag) => () => [tag, 0];
const tags = (...names) => names.map((tag) => ({ tag }));

// The order decides how marks nest in the page: the link is outermost.
const marks = {
  link: {
    attrs: { href: { validate: "string" } },
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]",
        getAttrs: (element) => {
          const href = safeAddress(element.getAttribute("href"));
          return href ? { href } : false;
        },
      },
    ],
    toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener noreferrer" }, 0],
  },
  bold: { parseDOM: tags("strong", "b"), toDOM: simple("strong") },
  italic: { parseDOM: tags("em", "i"), toDOM: simple("em") },
  underline: { parseDOM: tags("u"), toDOM: simple("u") },
  strike: { parseDOM: tags("s", "del", "strike"), toDOM: simple("s") },
  code: { code: true, parseDOM: tags("code"), toDOM: simple("code") },
};

// A list item may start with any block: pages and word processors write lists inside lists that way.
const nodes = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block", parseDOM: tags("p"), toDOM: () => ["p", { dir: "auto" }, 0] },
  quote: {
    content: "block+",
    group: "block",
    defining: true,
    parseDOM: tags("blockquote"),
    toDOM: simple("blockquote"),
  },
  bullet_list: { content: "list_item+", group: "block", parseDOM: tags("ul"), toDOM: simple("ul") },
  ordered_list: { content: "list_item+", group: "block", parseDOM: tags("ol"), toDOM: simple("ol") },
  list_item: { content: "block+", defining: true, parseDOM: tags("li"), toDOM: simple("li") },
  code_block: {
    content: "text*",
    marks: "",
    group: "block",
    code: true,
    defining: true,
    parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
    toDOM: () => ["pre", ["code", 0]],
  },
  text: { group: "inline" },
  line_break: {
    inline: true,
    group: "inline",
    selectable: false,
    linebreakReplacement: true,
    leafText: () => "\n",
    parseDOM: tags("br"),
    toDOM: () => ["br"],
  },
};

export const schema = new Schema({ nodes, marks });

/** Lists and quotes inside each other, at most: with the block in them, the server's eight levels. */
export const deepest = 7;

/** How many lists and quotes lie around the innermost block of a node. */
export function depth(node) {
  let inner = 0;
  node.forEach((child) => {
    if (child.isBlock) inner = Math.max(inner, depth(child));
  });
  const counts = node.type === schema.nodes.list_item || node.type === schema.nodes.quote;
  return inner + (counts ? 1 : 0);
}
