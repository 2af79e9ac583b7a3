// Where the cursor is.

/**
 * Browsers tell of a moved cursor up to a frame late. Whoever presses a key or a button right after means the new
 * place, so the editor is told now.
 */
export const catchUp = () => document.dispatchEvent(new Event("selectionchange"));
