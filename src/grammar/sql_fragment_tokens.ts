/**
 * Tokens of a piece of SQL, read one after the other, in the reading of one family of dialects.
 * @module
 */

/** How a family of dialects reads characters. */
export interface SqlReading {
  /** Whether `\` escapes inside strings, `#` begins a comment, and `--` does so only before a blank. */
  readonly mysql: boolean;
}

/** One token. */
export interface SqlToken {
  readonly kind:
    /** A keyword or a name without quotes. */
    | "word"
    /** A name in back-ticks or brackets. */
    | "name"
    /** A string, or a name in double quotes. */
    | "quoted"
    /** A quote that nothing closes; reaches to the end. */
    | "unclosed"
    | "number"
    /** `@x`, `@@x`, `:x`, `$1`. */
    | "variable"
    | "operator"
    /** One of `( ) , ; .`. */
    | "mark"
    /** What no dialect has outside of quotes. */
    | "stray"
    | "end";
  /** Words in capitals, operators and marks as written, empty for all others. */
  readonly text: string;
  /** Whether nothing stands between the token before and this one. */
  readonly glued: boolean;
  /** Its first unit. */
  readonly from: number;
  /** One past its last unit. */
  readonly to: number;
}

/** A comment that runs to the end of the text, and so cuts off what would follow it. */
export interface FinalComment {
  readonly opener: "--" | "#" | "/*";
  /** Whether it holds more than signs and blanks. */
  readonly worded: boolean;
}

/** Longer continuations are refused unread: prose ends after a few tokens, and eight readings of this many take 40 ms. */
const MAX_TOKENS = 4096;

/** Reads tokens on demand; in all it takes time linear in the text. */
export class SqlTokens {
  readonly #text: string;
  readonly #mysql: boolean;
  readonly #ahead: SqlToken[] = [];
  #at = 0;
  #read = 0;
  #finalComment: FinalComment | undefined;

  /** Reads a text from its beginning. */
  constructor(text: string, { mysql }: SqlReading) {
    this.#text = text;
    this.#mysql = mysql;
  }

  /** The comment that ended the text; known once the `end` has been seen. */
  get finalComment(): FinalComment | undefined {
    return this.#finalComment;
  }

  /** Whether more was wanted than a statement that somebody wrote holds; all further tokens are stray. */
  get exhausted(): boolean {
    return this.#read > MAX_TOKENS;
  }

  /** The token that comes next, or one after it, without taking it. */
  peek(distance = 0): SqlToken {
    let token = this.#ahead[distance];
    while (token === undefined) {
      this.#ahead.push(this.#next());
      token = this.#ahead[distance];
    }
    return token;
  }

  /** Takes the next token; at the end, `end` again and again. */
  take(): SqlToken {
    const token = this.peek();
    this.#ahead.shift();
    return token;
  }

  #next(): SqlToken {
    if (++this.#read > MAX_TOKENS) {
      return { kind: "stray", text: "", glued: false, from: this.#at, to: this.#at };
    }
    const from = this.#at;
    this.#skipBlanks();
    const glued = this.#at === from;
    const { kind, length } = this.#shape();
    const at = this.#at;
    this.#at += length;
    return { kind, text: this.#spell(kind, at), glued, from: at, to: this.#at };
  }

  #spell(kind: SqlToken["kind"], at: number): string {
    const told = kind === "word" || kind === "operator" || kind === "mark";
    return told ? this.#text.slice(at, this.#at).toUpperCase() : "";
  }

  #skipBlanks(): void {
    let length = this.#blankLength();
    while (length > 0) {
      this.#at += length;
      length = this.#blankLength();
    }
  }

  #blankLength(): number {
    const character = this.#text.charAt(this.#at);
    if (character === " " || !MAY_BE_BLANK.test(character)) return character === " " ? 1 : 0;
    const blank = this.#match(BLANKS);
    if (blank > 0) return blank;
    const rest = this.#text.slice(this.#at, this.#at + 3);
    if (rest.startsWith("--") && !(this.#mysql && /^--[^\s\0]/.test(rest))) {
      return this.#comment("--", "\n");
    }
    if (rest.startsWith("#") && this.#mysql) return this.#comment("#", "\n");
    // MySQL runs what `/*!` and a version enclose.
    if (rest === "/*!" && this.#mysql) return this.#match(EXECUTABLE);
    if (rest.startsWith("*/") && this.#mysql) return 2;
    return rest.startsWith("/*") ? this.#comment("/*", "*/") : 0;
  }

  #comment(opener: FinalComment["opener"], closer: string): number {
    const close = this.#text.indexOf(closer, this.#at + opener.length);
    if (close >= 0) return close + closer.length - this.#at;
    // The last unit is the quote that the server adds; it is no word.
    const worded = /[\p{L}\p{N}]/u.test(this.#text.slice(this.#at));
    this.#finalComment = { opener, worded };
    return this.#text.length - this.#at;
  }

  #shape(): { readonly kind: SqlToken["kind"]; readonly length: number } {
    const character = this.#text.charAt(this.#at);
    if (character === "") return { kind: "end", length: 0 };
    if (character === "'" || character === '"') {
      return this.#quoted({ quote: character, opener: 1, kind: "quoted" });
    }
    if (character === "`") return this.#quoted({ quote: "`", opener: 1, kind: "name" });
    for (const [kind, pattern] of this.#mysql ? MYSQL_SHAPES : SHAPES) {
      const length = this.#match(pattern);
      if (length > 0) return { kind, length };
    }
    const dollar = this.#match(DOLLAR_QUOTE);
    if (dollar > 0) {
      const quote = this.#text.slice(this.#at, this.#at + dollar);
      return this.#quoted({ quote, opener: dollar, kind: "quoted" });
    }
    return { kind: "stray", length: 1 };
  }

  #quoted(
    { quote, opener, kind }: {
      readonly quote: string;
      readonly opener: number;
      readonly kind: "quoted" | "name";
    },
  ): { readonly kind: SqlToken["kind"]; readonly length: number } {
    const backslash = this.#mysql && kind === "quoted" && opener === 1;
    const close = findClosingQuote(this.#text, { quote, backslash, from: this.#at + opener });
    if (close < 0) return { kind: "unclosed", length: this.#text.length - this.#at };
    return { kind, length: close + quote.length - this.#at };
  }

  #match(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text) ? pattern.lastIndex - this.#at : 0;
  }
}

/** What closes a string. */
export interface ClosingQuote {
  readonly quote: string;
  readonly backslash: boolean;
  /** Where the string's content begins. */
  readonly from: number;
}

/** Where a string that is already open is closed, or −1; a doubled quote does not close it. Linear. */
export function findClosingQuote(text: string, { quote, backslash, from }: ClosingQuote): number {
  const doubles = quote.length === 1;
  let at = from;
  let close = text.indexOf(quote, at);
  let escape = backslash ? text.indexOf("\\", at) : -1;
  while (close >= 0) {
    if (escape >= 0 && escape < close) at = escape + 2;
    else if (doubles && text.startsWith(quote, close + 1)) at = close + 2;
    else return close;
    if (close < at) close = text.indexOf(quote, at);
    if (escape >= 0 && escape < at) escape = text.indexOf("\\", at);
  }
  return -1;
}

/** Blanks and what comments begin with. */
const MAY_BE_BLANK = /[\s\0\-#/*]/;
const BLANKS = /[\s\0]+/y;
const EXECUTABLE = /\/\*!\d{0,6}/y;
const DOLLAR_QUOTE = /\$(?:[a-z_]\w*)?\$/iy;

/** In the order of trial. `\N` is NULL; `1a` is a name for MySQL, and `1` beside a name for others. */
const NAME_START = "(?:[a-z_]|[^\\0-\\x7f\\s])";
const NAME_PART = "(?:[\\w$]|[^\\0-\\x7f\\s])";
const MARKS: readonly (readonly [SqlToken["kind"], RegExp])[] = [
  ["mark", /[(),;]|\.(?!\d)/y],
  ["variable", new RegExp(`@{1,2}(?:${NAME_PART}|\\.)+|:${NAME_START}\\w*|\\$\\d+`, "iy")],
  ["name", /\[[\w .]{1,128}\]/y],
  [
    "operator",
    /<=>|->>|\|\||&&|!=|<>|<=|>=|==|:=|<<|>>|::|->|!~\*?|~\*|\^=|[-+*/%&|^~!<>=#]/y,
  ],
];
const NUMBER = /0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|\\N/iy;
const WORD = new RegExp(`${NAME_START}${NAME_PART}*`, "iy");
const SHAPES: readonly (readonly [SqlToken["kind"], RegExp])[] = [
  ["word", WORD],
  ["number", NUMBER],
  ...MARKS,
];
const MYSQL_SHAPES: readonly (readonly [SqlToken["kind"], RegExp])[] = [
  ["number", /0x[\da-f]+(?![\w$])|\d+(?:e[-+]?\d+)?(?![\w$.\u0080-\uffff])/iy],
  ["word", new RegExp(`\\d*${NAME_START}${NAME_PART}*`, "iy")],
  ["number", NUMBER],
  ...MARKS,
];
