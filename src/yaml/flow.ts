/**
 * Lets the closing bracket of `[…]` and `{…}` stand where everybody puts it: below the line it
 * belongs to. YAML 1.2.2 §7.4 wants it indented further, and the parser insists.
 *
 * Line breaks inside brackets become spaces, so that every offset stays true. Whether each of them
 * really stood between two tokens inside brackets is checked afterwards on the parser's own events:
 * a wrong guess here can make a file be refused, never be read differently.
 * @module
 */

/** Where characters were blanked: from `start` up to `end`, offsets in UTF-16 units. */
export interface Blank {
  readonly start: number;
  readonly end: number;
}

/** A text of the same length without line breaks and comments between tokens inside brackets. */
export interface JoinedText {
  readonly text: string;
  readonly blanks: readonly Blank[];
}

/** Joins the lines inside brackets. */
export function joinFlowLines(text: string): JoinedText {
  const blanks = new FlowScanner(text).scan();
  let joined = "";
  let at = 0;
  for (const { start, end } of blanks) {
    joined += text.slice(at, start) + " ".repeat(end - start);
    at = end;
  }
  return { text: joined + text.slice(at), blanks };
}

const STRUCTURE: ReadonlySet<string> = new Set(["[", "{", ",", "]", "}"]);

/** Finds brackets that open a value, and what stands between tokens inside them. */
class FlowScanner {
  readonly #text: string;
  readonly #blanks: Blank[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(): readonly Blank[] {
    // A bracket opens a value at the start of a line, or after "- ", "? " or ": ".
    const opening = /^[ ]*(?:[-?][ ]+)*[[{]|:[ ]+[[{]/gm;
    for (let match = opening.exec(this.#text); match !== null; match = opening.exec(this.#text)) {
      opening.lastIndex = this.#flow(opening.lastIndex - 1);
    }
    return this.#blanks;
  }

  /** Goes from an opening bracket past its closing one, or to the end of the text. */
  #flow(start: number): number {
    let depth = 0;
    let before = "";
    let pending: Blank[] = [];
    let at = start;
    while (at < this.#text.length) {
      const unit = this.#text.charAt(at);
      if (unit === " " || unit === "\t") {
        at++;
        continue;
      }
      const isComment = unit === "#" && /\s/.test(this.#text.charAt(at - 1));
      if (unit === "\n" || unit === "\r" || isComment) {
        const end = isComment ? this.#lineEnd(at) : at + 1;
        pending.push({ start: at, end });
        at = end;
        continue;
      }
      const isBetween = before === "[" || before === "{" || before === "," ||
        unit === "]" || unit === "}" || unit === ",";
      if (isBetween) this.#blanks.push(...pending);
      pending = [];
      if (unit === "[" || unit === "{") depth++;
      if (unit === "]" || unit === "}") depth--;
      const opensText = STRUCTURE.has(before) || before === ":";
      at = opensText && (unit === '"' || unit === "'") ? this.#quoted(at, unit) : at + 1;
      before = unit;
      if (depth === 0) return at;
    }
    return at;
  }

  #lineEnd(from: number): number {
    let at = from;
    while (at < this.#text.length && !/[\r\n]/.test(this.#text.charAt(at))) at++;
    return at;
  }

  #quoted(start: number, quote: string): number {
    let at = start + 1;
    while (at < this.#text.length) {
      const unit = this.#text.charAt(at);
      if (unit === "\\" && quote === '"') at += 2;
      else if (unit !== quote) at++;
      else if (quote === "'" && this.#text.charAt(at + 1) === "'") at += 2;
      else return at + 1;
    }
    return at;
  }
}

/** A token of the parser: from `start` up to `end`, and whether it is an opening bracket. */
export interface FlowToken extends Blank {
  readonly opens: boolean;
}

/**
 * True when every blank stands between two tokens inside brackets. Between tokens there is nothing
 * but space, comments, and `: , ] } - ?`.
 */
export function standBetween(
  blanks: readonly Blank[],
  { text, tokens }: { readonly text: string; readonly tokens: readonly FlowToken[] },
): boolean {
  let next = 0;
  let depth = 0;
  let end = 0;
  for (const token of [...tokens, { start: text.length, end: text.length, opens: false }]) {
    for (let at = end; at < token.start; at++) {
      const blank = blanks[next];
      if (blank?.start === at) {
        if (depth < 1 || blank.end > token.start) return false;
        at = blank.end - 1;
        next++;
        continue;
      }
      const unit = text.charAt(at);
      if (unit === "#") {
        while (at + 1 < token.start && !/[\r\n]/.test(text.charAt(at + 1))) at++;
      } else if (unit === "]" || unit === "}") depth--;
    }
    if (token.opens) depth++;
    end = token.end;
  }
  return next === blanks.length && depth === 0;
}
