/**
 * Whether a text reads as one plain value, such as somebody fills into a form.
 * @module
 */

/** A name of a person, a file or a product has hardly more. */
const MAX_WORDS = 3;

/** Longer text is more than a value; so the reading is bounded too. */
const MAX_LENGTH = 256;

/**
 * Whether a text is empty, or up to three words of letters, digits and the marks that names, file
 * names and addresses hold. Prose is longer; code and queries hold brackets, `=`, `$` or line ends.
 */
export function isOneValue(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  if (/["']\s*:/.test(text)) return false; // a key of some notation
  const words = text.trim().split(/\s+/);
  return words.length <= MAX_WORDS && /^[\p{L}\p{M}\p{N} ._:/@+,'"%#~!*()-]*$/u.test(text);
}
