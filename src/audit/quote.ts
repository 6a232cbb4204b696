/**
 * Untrusted text as JSON strings that no terminal, pager or parser takes for anything else.
 * @module
 */

/** Printable ASCII that needs no escape in JSON. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** What a reader of the file would not see, or would see act: escaped, though JSON would let it stand. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu;
const ASCII = /^[\x20-\x7e]*$/;

/** What was cut from the strings of one line: name and length before. */
export class Cuts {
  #text = "";

  /** Notes that `name` was `length` UTF-16 units (or items) long. */
  add(name: string, length: number): void {
    this.#text += `${this.#text === "" ? "" : ","}"${name}":${length}`;
  }

  /** Takes over what another noted. */
  addAll(other: Cuts): void {
    if (other.#text === "") return;
    this.#text += this.#text === "" ? other.#text : `,${other.#text}`;
  }

  /** The member of the line, or nothing. */
  toString(): string {
    return this.#text === "" ? "" : `,"cut":{${this.#text}}`;
  }
}

/** A text of a line and its bound. */
export interface Bound {
  /** The member's name, for the note of a cut. */
  readonly name: string;
  /** UTF-16 units that are kept. */
  readonly max: number;
  readonly cuts: Cuts;
}

/** The JSON string of at most `max` units of a text. */
export function quote(text: string, { name, max, cuts }: Bound): string {
  if (text.length <= max) return quoteAll(text);
  cuts.add(name, text.length);
  return quoteAll(text.slice(0, max));
}

/** The JSON string of a whole text. */
export function quoteAll(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : visible(JSON.stringify(text));
}

/** JSON text with everything unseen escaped inside its strings. */
export function visible(json: string): string {
  return ASCII.test(json) ? json : json.replace(UNSEEN, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = "";
  for (let i = 0; i < character.length; i++) {
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
