/**
 * Percent-escapes, decoded as the most careless reader decodes them.
 * @module
 */

/** Rounds after which a text that still changes is left alone: nobody decodes more often by accident. */
const MAX_ROUNDS = 4;

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
  const bytes = run.slice(1).split("%").map((digits) => parseInt(digits, 16));
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const width = sequenceWidth(bytes[at]);
    const tail = bytes.slice(at + 1, at + width);
    const whole = tail.length === width - 1 && tail.every((byte) => byte >> 6 === 0b10);
    const code = tail.reduce((sum, byte) => sum * 64 + (byte & 0x3f), leadBits(bytes[at], width));
    text += String.fromCodePoint(whole && code <= 0x10ffff ? code : bytes[at]);
    at += whole && code <= 0x10ffff ? width : 1;
  }
  return text;
}

/** How many bytes the lead byte of a UTF-8 sequence announces; 1 for what leads nothing. */
function sequenceWidth(lead: number): number {
  if (lead >> 5 === 0b110) return 2;
  if (lead >> 4 === 0b1110) return 3;
  return lead >> 3 === 0b11110 ? 4 : 1;
}

function leadBits(lead: number, width: number): number {
  return width === 1 ? lead : lead & (0x7f >> width);
}
