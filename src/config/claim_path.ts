/**
 * Claims as an operator names them.
 * @module
 */

/** `a.b` is the claim `b` in the claim `a`; a name with a slash, as in a URL, is one name. */
export function claimPath(text: string): string | readonly string[] {
  return text.includes("/") || !text.includes(".") ? text : text.split(".");
}
