// Which addresses a link may have: the web's, mail's and telephones', so that no link runs anything.

const longest = 2000;

/** The address as it may stand in a link, or null. */
export function safeAddress(address) {
  const clean = String(address ?? "").trim();
  if (clean.length > longest || !/^(https?:\/\/|mailto:|tel:)[^\s\u0000-\u001f\u007f-\u009f]+$/i.test(clean)) return null;
  try {
    new URL(clean);
    return clean;
  } catch {
    return null;
  }
}
