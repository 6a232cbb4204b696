/**
 * Percent-escapes, decoded as the most careless reader decodes them.
 * @module
 */

/** Rounds after which a text that still changes is left alone: nobody decodes more often by accident. */
const MAX_ROUNDS = 4;

const ESCAPE_LENGTH = "%XX".length;

/** A text and what it becomes by decoding again and again, at most four times; the text itself comes first. */
export function decodingRounds(text: string): readonly string[] {
  const rounds = [text];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = rounds[round];
    const after = decodePercent(before);
    if (after === before) break;
    rounds.push(after);
  }
  return rounds;
}

/**
 * Decodes `%XX` as UTF-8, overlong forms too, and `%uXXXX`; what is neither stays as it is, and a byte
 * that is no UTF-8 becomes the Latin-1 character of its number.
 */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  return text
    .replace(/%u[0-9a-f]{4}/gi, (escape) => String.fromCharCode(parseInt(escape.slice(2), 16)))
    .replace(/(?:%[0-9a-f]{2})+/gi, decodeRun);
}

function decodeRun(run: string): string {
  let text = "";
  for (let at = 0; at < run.length;) {
    const lead = byteAt(run, at);
    const width = sequenceWidth(lead);
    const code = width === 1 ? undefined : sequenceAt(run, { at, width });
    text += String.fromCodePoint(code ?? lead);
    at += code === undefined ? ESCAPE_LENGTH : width * ESCAPE_LENGTH;
  }
  return text;
}

function byteAt(run: string, at: number): number {
  return parseInt(run.slice(at + 1, at + ESCAPE_LENGTH), 16);
}

/** The code point of a sequence of `width` bytes; `undefined` when they make none. */
function sequenceAt(
  run: string,
  { at, width }: { readonly at: number; readonly width: number },
): number | undefined {
  if (at + width * ESCAPE_LENGTH > run.length) return undefined;
  let code = byteAt(run, at) & (0x7f >> width);
  for (let next = 1; next < width; next++) {
    const byte = byteAt(run, at + next * ESCAPE_LENGTH);
    if (byte >> 6 !== 0b10) return undefined;
    code = code * 64 + (byte & 0x3f);
  }
  return code <= 0x10ffff ? code : undefined;
}

/** How many bytes the lead byte of a UTF-8 sequence announces; 1 for what leads nothing. */
function sequenceWidth(lead: number): number {
  if (lead >> 5 === 0b110) return 2;
  if (lead >> 4 === 0b1110) return 3;
  return lead >> 3 === 0b11110 ? 4 : 1;
}
