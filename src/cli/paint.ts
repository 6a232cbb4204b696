/**
 * Colours for terminals, and plain text for everything else.
 * @module
 */

/** A way to show a piece of text. */
export type Ink = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Colours text, or leaves it as it is. */
export type Paint = (ink: Ink, text: string) => string;

// ECMA-48 §8.3.117, Select Graphic Rendition: the code that starts an ink and the one that ends it.
const CODES: Readonly<Record<Ink, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Makes a {@linkcode Paint} that colours or does not. */
export function painter(colours: boolean): Paint {
  if (!colours) return (_ink, text) => text;
  return (ink, text) => `\x1b[${CODES[ink][0]}m${text}\x1b[${CODES[ink][1]}m`;
}
