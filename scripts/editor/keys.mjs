// The keys of the editor. Enter sends; inside a list and a block of code it does what it does in an editor.

import {
  baseKeymap,
  chainCommands,
  exitCode,
  lift,
  liftEmptyBlock,
  newlineInCode,
  setBlockType,
  splitBlock,
} from "prosemirror-commands";
import { redo } from "prosemirror-history";
import { undoInputRule } from "prosemirror-inputrules";
import { keydownHandler } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { around, commandNamed, undoTyping } from "./commands.mjs";
import { catchUp } from "./cursor.mjs";
import { schema } from "./schema.mjs";

const { list_item, quote, code_block, paragraph, line_break } = schema.nodes;

const breakLine = chainCommands(newlineInCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(line_break.create()).scrollIntoView());
  return true;
});

/** Enter on an empty last line of code: takes the line away and goes on below. */
const leaveCode = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== code_block || $from.parentOffset < $from.parent.content.size) return false;
  if (!$from.parent.textContent.endsWith("\n")) return false;
  if (dispatch) {
    dispatch(state.tr.delete($from.pos - 1, $from.pos));
    exitCode(view.state, view.dispatch);
  }
  return true;
};

const inList = (state) => around(state.selection.$from, list_item) > 0;
const onlyInList = (command) => (state, dispatch, view) => inList(state) && command(state, dispatch, view);

const newItem = onlyInList((state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const leaves = empty && $from.parent.type === paragraph && $from.parent.content.size === 0;
  const onItsOwn = leaves && $from.node(-1).type === list_item && $from.node(-1).childCount === 1;
  if (onItsOwn) return liftListItem(list_item)(state, dispatch);
  return chainCommands(splitListItem(list_item), liftEmptyBlock, splitBlock)(state, dispatch, view);
});

const enter = chainCommands(leaveCode, newlineInCode, newItem);

/** Backspace at the start of a block takes away what is around it, before it joins with what is above. */
const liftAtStart = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parentOffset > 0) return false;
  if ($from.parent.type === code_block) return setBlockType(paragraph)(state, dispatch);
  if ($from.depth < 2 || $from.index(-1) > 0) return false;
  const outer = $from.node(-1).type;
  if (outer === list_item) return liftListItem(list_item)(state, dispatch);
  return outer === quote && lift(state, dispatch);
};

/** Below a block of code that ends the text there is nothing to click on. */
const belowCode = (state, dispatch) => {
  const { $from } = state.selection;
  const atEnd = $from.parent.type === code_block && $from.pos === state.doc.content.size - 1;
  return atEnd && exitCode(state, dispatch);
};

/** What handles the keys. The options are the caller's. */
export function keys({ onSend, onLinkRequest, onEscape, enterSends = true }) {
  const named = (name) => commandNamed(name);
  const call = (callback) => () => {
    callback?.();
    return true;
  };
  const bound = keydownHandler({
    ...baseKeymap,
    Backspace: chainCommands(undoInputRule, liftAtStart, baseKeymap.Backspace),
    "Mod-b": named("bold"),
    "Mod-i": named("italic"),
    "Mod-u": named("underline"),
    "Mod-Shift-x": named("strike"),
    "Mod-e": named("inline_code"),
    "Mod-k": call(onLinkRequest),
    "Mod-Shift-7": named("ordered_list"),
    "Mod-Shift-8": named("bullet_list"),
    "Mod-Shift-9": named("quote"),
    "Mod-z": undoTyping,
    "Mod-Shift-z": redo,
    "Mod-y": redo,
    ArrowDown: belowCode,
    // Elsewhere Tab leaves the field: nobody is caught in it.
    Tab: onlyInList(sinkListItem(list_item)),
    "Shift-Tab": onlyInList(liftListItem(list_item)),
    Escape: () => !!onEscape && call(onEscape)(),
  });
  return (view, event) => {
    // While a word is composed, as in Japanese, the key belongs to the input method.
    if (event.isComposing || event.keyCode === 229) return false;
    if (event.key.length > 1 || event.ctrlKey || event.metaKey) catchUp();
    if (event.key !== "Enter") return bound(view, event);
    if (event.shiftKey || event.altKey) return breakLine(view.state, view.dispatch, view);
    const alone = !event.ctrlKey && !event.metaKey;
    if (alone && enter(view.state, view.dispatch, view)) return true;
    if (alone && !enterSends) return baseKeymap.Enter(view.state, view.dispatch, view);
    if (!event.repeat) onSend();
    return true;
  };
}
