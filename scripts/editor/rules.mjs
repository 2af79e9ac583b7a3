// What typing alone can do: "**bold**", "- " for a list, and the like. Undo gives back what was typed.

import { InputRule, inputRules } from "prosemirror-inputrules";
import { canJoin } from "prosemirror-transform";
import { isolateLines, wrapHere } from "./commands.mjs";
import { schema } from "./schema.mjs";

const { paragraph, bullet_list, ordered_list, quote, code_block } = schema.nodes;
// A line break counts as one such character.
const object = "\ufffc";

/** Words between two equal signs, at the start or after a space. */
function markRule(sign, name) {
  const escaped = sign.replace(/[*~]/g, "\\$&");
  const no = `[^\\s${sign[0]}${object}]`;
  const pattern = new RegExp(`(?:^|[\\s(${object}])(${escaped}(${no}(?:[^${sign[0]}${object}]*${no})?)${escaped})$`);
  const type = schema.marks[name];
  return new InputRule(
    pattern,
    (state, [all, marked, words], start, end) => {
      if (!state.doc.resolve(start).parent.type.allowsMarkType(type)) return null;
      const from = start + all.length - marked.length;
      const inside = from + sign.length;
      return state.tr
        .delete(inside + words.length, end)
        .delete(from, inside)
        .addMark(from, from + words.length, type.create())
        .removeStoredMark(type);
    },
    { inCodeMark: false },
  );
}

/** A sign at the start of a line that makes it something else: `change` gets the transaction with the sign gone. */
function lineRule(sign, change) {
  return new InputRule(new RegExp(`(?:^|${object})${sign} $`), (state, [all], start, end) => {
    if (state.doc.resolve(start).parent.type !== paragraph) return null;
    const tr = state.tr.delete(all.startsWith(object) ? start + 1 : start, end);
    isolateLines(tr);
    return change(tr) ? tr : null;
  });
}

const wraps = (type) => (tr) => {
  if (!wrapHere(tr, type)) return false;
  // "1. " right below a numbered list goes on with it.
  const { $from } = tr.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type !== type) continue;
    const before = $from.before(depth);
    if (tr.doc.resolve(before).nodeBefore?.type === type && canJoin(tr.doc, before)) tr.join(before);
    break;
  }
  return true;
};

const becomesCode = (tr) => {
  const { $from } = tr.selection;
  const index = $from.index(-1);
  if (!$from.node(-1).canReplaceWith(index, index + 1, code_block)) return false;
  tr.setBlockType($from.start(), $from.end(), code_block);
  return true;
};

export const rules = inputRules({
  rules: [
    markRule("**", "bold"),
    markRule("*", "italic"),
    markRule("_", "italic"),
    markRule("~~", "strike"),
    markRule("`", "code"),
    lineRule("[-*]", wraps(bullet_list)),
    lineRule("1[.)]", wraps(ordered_list)),
    lineRule(">", wraps(quote)),
    lineRule("```", becomesCode),
  ],
});
