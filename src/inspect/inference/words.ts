/**
 * Names and descriptions as words.
 * @module
 */

const MAX_TEXT = 2_000; // UTF-16 units of a description that are read

/** A name or a text, taken apart. */
export interface Words {
  /** In their order, in lower case. */
  readonly list: readonly string[];
  /** The last one: of `output_path` the `path`. `""` when there is none. */
  readonly last: string;
  /** Tells whether one of some words occurs. */
  has(...words: readonly string[]): boolean;
}

/** Takes a name apart: `filePath`, `file_path` and `file-path` are two words each. */
export function wordsOfName(name: string): Words {
  return wordsOf(name.slice(0, MAX_TEXT).replace(/([a-z0-9])([A-Z])/g, "$1 $2"));
}

/** Takes a text apart. */
export function wordsOf(text: string): Words {
  const list = text.slice(0, MAX_TEXT).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const set = new Set(list);
  return {
    list,
    last: list.at(-1) ?? "",
    has: (...words) => words.some((word) => set.has(word)),
  };
}

/** A list of words, written as a text. */
export function vocabulary(text: string): readonly string[] {
  return text.split(" ");
}
