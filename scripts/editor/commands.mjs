// What the toolbar and the keys do. A command takes (state, dispatch) and says whether it applies.

import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { redo, redoDepth, undo, undoDepth } from "prosemirror-history";
import { undoInputRule } from "prosemirror-inputrules";
import { liftListItem, wrapRangeInList } from "prosemirror-schema-list";
import { Selection, TextSelection } from "prosemirror-state";
import { findWrapping } from "prosemirror-transform";
import { safeAddress } from "./links.mjs";
import { schema } from "./schema.mjs";

const { bullet_list, ordered_list, list_item, quote, code_block, paragraph, line_break } = schema.nodes;
const lists = [bullet_list, ordered_list];

/** How deep the nearest of these nodes around a position is, or -1. */
export function around($pos, ...types) {
  for (let depth = $pos.depth; depth > 0; depth--) if (types.includes($pos.node(depth).type)) return depth;
  return -1;
}

// ---- lines: Enter sends, so what stands above a list is often in the same paragraph

/** Makes the selected lines of a paragraph a paragraph of their own; with `each`, every line one. */
export function isolateLines(tr, each = false) {
  const { $from, $to, from, to } = tr.selection;
  if (!$from.sameParent($to) || $from.parent.type !== paragraph) return tr;
  const breaks = [];
  $from.parent.forEach((node, offset) => {
    if (node.type === line_break) breaks.push($from.start() + offset);
  });
  const before = breaks.filter((pos) => pos < from).slice(-1);
  const inside = each ? breaks.filter((pos) => pos >= from && pos < to) : [];
  const after = breaks.filter((pos) => pos >= to).slice(0, 1);
  const all = [...before, ...inside, ...after];
  for (const pos of all.reverse()) tr.delete(pos, pos + 1).split(pos);
  // Each break became the end of a paragraph and the start of the next: one place more.
  const anchor = from + before.length;
  return all.length ? tr.setSelection(TextSelection.create(tr.doc, anchor, to + before.length + inside.length)) : tr;
}

/** Runs `command` after `prepare` has changed the document, as one step to undo. */
const after = (prepare, command) => (state, dispatch) => {
  const prepared = prepare(state.tr);
  const applied = command(state.apply(prepared), (tr) => {
    for (const step of tr.steps) prepared.step(step);
    prepared.setSelection(Selection.fromJSON(prepared.doc, tr.selection.toJSON()));
    if (tr.storedMarksSet) prepared.setStoredMarks(tr.storedMarks);
  });
  if (applied && dispatch) dispatch(prepared.scrollIntoView());
  return applied;
};

const paragraphsFirst = (tr) => {
  const { $from, $to } = tr.selection;
  return around($from, code_block) > 0 || around($to, code_block) > 0
    ? tr.setBlockType($from.pos, $to.pos, paragraph)
    : tr;
};

// ---- blocks

const wrapInList = (type) => (state, dispatch) => {
  const { $from, $to } = state.selection;
  const range = $from.blockRange($to);
  if (!range) return false;
  const tr = state.tr;
  if (!wrapRangeInList(tr, range, type)) return false;
  dispatch?.(tr);
  return true;
};

const toggleList = (type) => (state, dispatch) => {
  const { $from } = state.selection;
  const depth = around($from, ...lists);
  if (depth < 0) {
    return after((tr) => isolateLines(paragraphsFirst(tr), true), wrapInList(type))(state, dispatch);
  }
  if ($from.node(depth).type === type) return liftListItem(list_item)(state, dispatch);
  dispatch?.(state.tr.setNodeMarkup($from.before(depth), type).scrollIntoView());
  return true;
};

const toggleQuote = (state, dispatch) => {
  const { $from, $to } = state.selection;
  if (around($from, quote) < 0) return after((tr) => isolateLines(tr), wrapIn(quote))(state, dispatch);
  const range = $from.blockRange($to, (node) => node.type === quote);
  if (!range) return lift(state, dispatch);
  dispatch?.(state.tr.lift(range, range.depth - 1).scrollIntoView());
  return true;
};

const inOneBlock = ({ $from, $to }) => $from.sameParent($to) && $from.parent.inlineContent;

/** All selected blocks become one block of code, or the block of code paragraphs. */
const toggleCodeBlock = (state, dispatch) => {
  const { $from, $to, from, to } = state.selection;
  if ($from.parent.type === code_block) return setBlockType(paragraph)(state, dispatch);
  if (inOneBlock(state.selection)) return after((tr) => isolateLines(tr), setBlockType(code_block))(state, dispatch);
  const range = $from.blockRange($to);
  if (!range) return false;
  const lines = [];
  state.doc.nodesBetween(range.start, range.end, (node) => {
    if (node.isTextblock) lines.push(node.textBetween(0, node.content.size, "\n"));
  });
  const text = lines.join("\n");
  const node = code_block.create(null, text ? schema.text(text) : null);
  if (!range.parent.canReplaceWith(range.startIndex, range.endIndex, code_block)) return false;
  const tr = state.tr.replaceRangeWith(range.start, range.end, node);
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(range.start + node.nodeSize - 1), -1)).scrollIntoView());
  return from !== to;
};

/** Words of a line become inline code; everything else a block of it. */
const toggleCode = (state, dispatch) => {
  const { selection } = state;
  const inWords = !selection.empty && inOneBlock(selection) && selection.$from.parent.type !== code_block;
  return inWords ? toggleMark(schema.marks.code)(state, dispatch) : toggleCodeBlock(state, dispatch);
};

// ---- links

/** Where the link at a position begins and ends. */
function linkAround($pos) {
  const has = (node) => node && schema.marks.link.isInSet(node.marks);
  const { parent } = $pos;
  const beside = [parent.childAfter($pos.parentOffset), parent.childBefore($pos.parentOffset)];
  const found = beside.find(({ node }) => has(node));
  if (!found) return null;
  const { href } = has(found.node).attrs;
  const same = (node) => has(node)?.attrs.href === href;
  let first = found.index;
  let last = found.index;
  while (first > 0 && same(parent.child(first - 1))) first -= 1;
  while (last + 1 < parent.childCount && same(parent.child(last + 1))) last += 1;
  let from = $pos.start();
  for (let i = 0; i < first; i++) from += parent.child(i).nodeSize;
  let to = from;
  for (let i = first; i <= last; i++) to += parent.child(i).nodeSize;
  return { from, to, href };
}

/** The address of the link at the cursor, or of the first one in the selection. */
function linkAt({ selection, doc }) {
  if (selection.empty) return linkAround(selection.$from)?.href ?? null;
  let href = null;
  doc.nodesBetween(selection.from, selection.to, (node) => {
    href ??= schema.marks.link.isInSet(node.marks)?.attrs.href ?? null;
  });
  return href;
}

/** Links the selection, or the link at the cursor anew, or else the address itself; null takes the link away. */
const setLink = (address) => (state, dispatch) => {
  const type = schema.marks.link;
  const { selection, tr } = state;
  const href = address === null ? null : safeAddress(address);
  if (address !== null && !href) return false;
  let { from, to } = selection;
  if (selection.empty) {
    const link = linkAround(selection.$from);
    if (link) ({ from, to } = link);
  }
  if (!href) {
    tr.removeMark(from, to, type);
  } else if (from === to) {
    if (!selection.$from.parent.type.allowsMarkType(type)) return false;
    const text = href.replace(/^mailto:/i, "");
    tr.insert(from, schema.text(text, type.create({ href }).addToSet(state.storedMarks ?? selection.$from.marks())));
    tr.setSelection(TextSelection.create(tr.doc, from + text.length));
  } else {
    tr.removeMark(from, to, type).addMark(from, to, type.create({ href }));
  }
  dispatch?.(tr.removeStoredMark(type).scrollIntoView());
  return true;
};

// ---- all of them, by name

const mark = (name) => () => toggleMark(schema.marks[name]);

/** Right after "**x**" has become bold, undoing gives back what was typed. */
export const undoTyping = (state, dispatch) => undoInputRule(state, dispatch) || undo(state, dispatch);

const commands = {
  bold: mark("bold"),
  italic: mark("italic"),
  underline: mark("underline"),
  strike: mark("strike"),
  inline_code: mark("code"),
  bullet_list: () => toggleList(bullet_list),
  ordered_list: () => toggleList(ordered_list),
  quote: () => toggleQuote,
  code: () => toggleCode,
  link: (address = null) => setLink(address),
  undo: () => undoTyping,
  redo: () => redo,
};

/** The command of a name, or undefined. */
export const commandNamed = (name, argument) => (Object.hasOwn(commands, name) ? commands[name](argument) : undefined);

/** What the toolbar shows: which commands are on where the cursor is. */
export function stateOf(state) {
  const { $from, from, to, empty } = state.selection;
  const on = (name) => {
    const type = schema.marks[name];
    if (empty) return !!type.isInSet(state.storedMarks ?? $from.marks());
    return state.doc.rangeHasMark(from, to, type);
  };
  const list = around($from, ...lists);
  return {
    bold: on("bold"),
    italic: on("italic"),
    underline: on("underline"),
    strike: on("strike"),
    code: on("code") || around($from, code_block) > 0,
    bullet_list: list > 0 && $from.node(list).type === bullet_list,
    ordered_list: list > 0 && $from.node(list).type === ordered_list,
    quote: around($from, quote) > 0,
    link: linkAt(state),
    canUndo: undoDepth(state) > 0,
    canRedo: redoDepth(state) > 0,
  };
}

/** Wraps the block at the transaction's cursor; false where it does not fit. */
export function wrapHere(tr, type) {
  const range = tr.selection.$from.blockRange();
  const wrapping = range && findWrapping(range, type);
  if (!wrapping) return false;
  tr.wrap(range, wrapping);
  return true;
}
