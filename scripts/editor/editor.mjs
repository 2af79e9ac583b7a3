// The editor of an agent's reply. The console loads it when a reply box is drawn:
//
//   const handle = mount(element, options)
//
// options
//   id, label, className   of the field that is made inside `element`: a textbox named `label`
//   placeholder            what it shows while it is empty
//   doc                    the tree to begin with (see tree.mjs), or null
//   onChange(tree, empty)  somebody has written; not called for setDoc
//   onState(state)         what the toolbar shows has changed: { bold, italic, underline, strike, code, bullet_list,
//                          ordered_list, quote, link: address or null, canUndo, canRedo }
//   onSend()               Enter, or with Ctrl from anywhere
//   enterSends             false where Enter begins a paragraph, as in a mail
//   onFiles(files)         an array of File was pasted or dropped
//   onLinkRequest()        Ctrl+K
//   onEscape()             optional
//
// handle
//   getDoc()               the tree; [] when nothing is written
//   setDoc(tree or null)   writes it anew; nothing to undo is left
//   isEmpty()
//   focus()
//   command(name, argument)  bold, italic, underline, strike, bullet_list, ordered_list, quote, code, undo, redo, and
//                          link with an address, or null to take the link away; says whether it applied
//   insertText(text)       at the cursor, in place of the selection
//   setPlaceholder(text)
//   destroy()

import { history } from "prosemirror-history";
import { Fragment, Slice } from "prosemirror-model";
import { EditorState, Plugin, Selection } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { commandNamed, stateOf } from "./commands.mjs";
import { catchUp } from "./cursor.mjs";
import { keys } from "./keys.mjs";
import { blocksOfText, pasteProps } from "./paste.mjs";
import { rules } from "./rules.mjs";
import { deepest, depth, schema } from "./schema.mjs";
import { fromTree, toTree } from "./tree.mjs";

/** Nothing that is typed, pressed or pasted nests deeper than a reader can follow. */
const shallow = new Plugin({
  filterTransaction: (tr) => !tr.docChanged || depth(tr.doc) <= deepest,
});

/** An empty paragraph is all there is: the placeholder shows. */
const isBlank = ({ childCount, firstChild }) =>
  childCount === 1 && firstChild.type === schema.nodes.paragraph && !firstChild.content.size;

/** Several lines that come at once, as from a dictation or an automatic test, are read like pasted ones. */
const manyLines = {
  beforeinput(view, event) {
    if (event.inputType !== "insertText" || !event.data?.includes("\n") || view.composing) return false;
    event.preventDefault();
    insertText(view, event.data);
    return true;
  },
};

function insertText(view, text) {
  const { tr, selection } = view.state;
  const one = selection.$from.parent.type.spec.code || !/[\r\n]/.test(text);
  view.dispatch(
    (one
      ? tr.insertText(text.replace(/\r\n?/g, "\n"))
      : tr.replaceSelection(Slice.maxOpen(Fragment.from(blocksOfText(text))))
    ).scrollIntoView(),
  );
}

export function mount(element, options) {
  let placeholder = options.placeholder ?? "";
  let shown = "";

  const decorations = ({ doc }) =>
    isBlank(doc)
      ? DecorationSet.create(doc, [
          Decoration.node(0, doc.content.size, { class: "editor__empty", "data-placeholder": placeholder }),
        ])
      : null;

  const props = { ...pasteProps(options.onFiles), decorations, handleKeyDown: keys(options) };
  const plugins = [rules, history(), shallow, new Plugin({ props })];
  const begin = (tree) => {
    const doc = fromTree(tree);
    return EditorState.create({ doc, plugins, selection: Selection.atEnd(doc) });
  };

  const tellState = (state) => {
    const now = stateOf(state);
    const key = JSON.stringify(now);
    if (key === shown) return;
    shown = key;
    options.onState?.(now);
  };

  const view = new EditorView(element, {
    state: begin(options.doc),
    attributes: () => ({
      id: options.id ?? "",
      class: `editor ${options.className ?? ""}`,
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": options.label,
      "aria-placeholder": placeholder,
      dir: "auto",
      enterkeyhint: options.enterSends === false ? "enter" : "send",
      spellcheck: "true",
    }),
    handleDOMEvents: manyLines,
    dispatchTransaction(tr) {
      const { state, transactions } = view.state.applyTransaction(tr);
      view.updateState(state);
      if (transactions.some((each) => each.docChanged)) {
        const tree = toTree(state.doc);
        options.onChange?.(tree, tree.length === 0);
      }
      if (!view.isDestroyed) tellState(view.state);
    },
  });
  tellState(view.state);

  return {
    getDoc: () => toTree(view.state.doc),
    setDoc(tree) {
      view.updateState(begin(tree));
      tellState(view.state);
    },
    isEmpty: () => toTree(view.state.doc).length === 0,
    focus: () => view.focus(),
    command(name, argument) {
      catchUp();
      return commandNamed(name, argument)?.(view.state, view.dispatch, view) ?? false;
    },
    insertText(text) {
      catchUp();
      insertText(view, text);
    },
    setPlaceholder(text) {
      placeholder = text;
      view.setProps({});
      view.updateState(view.state);
    },
    destroy: () => view.destroy(),
  };
}

// The console finds it here: a module that a script element loads hands out nothing else.
globalThis.frontdeskEditor = { mount };
