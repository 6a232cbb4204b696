/**
 * Expressions in a piece of SQL whose end may be missing, by recursive descent over all dialects at
 * once: each token is taken once, and what no dialect would take ends the reading.
 * @module
 */

import type { SqlToken, SqlTokens } from "./sql_fragment_tokens.ts";
import { bothWeights, LITERAL, NAME, type Weight } from "./sql_fragment_weight.ts";
import { isReserved, SQL_WORDS } from "./sql_fragment_words.ts";

/** What shows beyond doubt that a value goes on with SQL. */
export type SqlEvidence = "set-operation" | "sub-select" | "unreadable";

/** Parentheses and selects inside one another; deeper pieces are refused as unreadable. */
const MAX_NESTING = 100;

/** Where a piece ends. */
export interface FragmentBounds {
  readonly tokens: SqlTokens;
  /** Where the quote begins that the server adds; the length of the text when it adds none. */
  readonly end: number;
}

/** Reads expressions from tokens. What is undefined is no expression, unless `evidence` is set. */
export class SqlExpressions {
  readonly #tokens: SqlTokens;
  readonly #end: number;
  #depth = 0;
  #evidence: SqlEvidence | undefined;

  /** Reads what the tokens hold. */
  constructor({ tokens, end }: FragmentBounds) {
    this.#tokens = tokens;
    this.#end = end;
  }

  /** Set as soon as something was read that only SQL has, or that goes on too long or too deep; nothing is read any more. */
  get evidence(): SqlEvidence | undefined {
    return this.#evidence;
  }

  /** An operand and all that operators join to it. */
  expression(): Weight | undefined {
    const first = this.operand();
    return first === undefined ? undefined : this.continueFrom(first);
  }

  /** All that operators join to what stands in front. */
  continueFrom(left: Weight): Weight | undefined {
    let total = left;
    let chain = left;
    while (true) {
      const joined = this.#joinNext(chain);
      if (joined === "none") return total;
      if (joined === undefined) return undefined;
      chain = joined;
      const behind = total.logical || joined.logical;
      const proof = behind && (chain.compared || chain.called);
      total = bothWeights(total, proof ? { ...joined, proof } : joined);
    }
  }

  /** One operand with its signs, without operators. */
  operand(): Weight | undefined {
    while (SQL_WORDS.prefixes.has(this.#tokens.peek().text)) {
      if (this.#tokens.peek(1).text === "(" && this.#tokens.peek().kind === "word") break;
      this.#tokens.take();
    }
    const primary = this.#primary();
    return primary === undefined ? undefined : this.#postfixes(primary);
  }

  /** Whether the piece is read to its end, or to the quote that the server adds. */
  atEnd(): boolean {
    const { kind, from } = this.#tokens.peek();
    return kind === "end" || (kind === "unclosed" && from >= this.#end);
  }

  /** `UNION ALL (SELECT …`: sets the evidence when a select follows that is more than two words of prose. */
  setOperation(): void {
    this.#tokens.take();
    while (["ALL", "DISTINCT", "("].includes(this.#tokens.peek().text)) this.#tokens.take();
    if (this.#tokens.peek().text === "VALUES" && this.#tokens.peek(1).text === "(") {
      this.#evidence = "set-operation";
    } else if (this.#tokens.peek().text === "SELECT" && this.#select() === "certain") {
      this.#evidence ??= "set-operation";
    }
  }

  /** The next operator and what it joins to the chain since the last AND or OR; `none` when none is next. */
  #joinNext(chain: Weight): Weight | "none" | undefined {
    const { text, kind } = this.#tokens.peek();
    if (SQL_WORDS.logical.has(text)) {
      this.#tokens.take();
      const right = this.operand();
      if (right === undefined || (right.half && kind === "word")) return right;
      const proof = right.truth && chain.literal;
      return { ...right, logical: true, logicalLiteral: right.literal, proof };
    }
    if (SQL_WORDS.comparing.has(text)) return this.#joinOperand(chain, { compared: true });
    if (SQL_WORDS.reckoning.has(text)) return this.#joinOperand(chain, { reckoned: true });
    const negated = text === "NOT" ? 1 : 0;
    if (!SQL_WORDS.comparingWords.has(this.#tokens.peek(negated).text)) return "none";
    if (negated === 1) this.#tokens.take();
    return this.#compareInWords(chain);
  }

  #joinOperand(chain: Weight, added: Partial<Weight>): Weight | undefined {
    this.#tokens.take();
    const right = this.operand();
    return right === undefined ? undefined : { ...bothWeights(chain, right), ...added };
  }

  #compareInWords(chain: Weight): Weight | undefined {
    const word = this.#tokens.take().text;
    if (word === "IS") return this.#isTruth(chain);
    if (word === "BETWEEN") {
      const low = this.#reckoned();
      if (low === undefined || this.#tokens.peek().text !== "AND") return undefined;
      this.#tokens.take();
      const high = this.#reckoned();
      if (high === undefined) return undefined;
      return { ...bothWeights(chain, high), compared: low.literal && high.literal };
    }
    if (word === "SIMILAR" || word === "SOUNDS") this.#tokens.take();
    if (word === "IN" && this.#tokens.peek().text !== "(") return undefined;
    const right = this.operand();
    if (right === undefined) return undefined;
    const compared = (right.literal && !right.half) || right.called;
    return { ...bothWeights(chain, right), compared: chain.compared || compared };
  }

  #isTruth(chain: Weight): Weight | undefined {
    while (["NOT", "DISTINCT", "FROM"].includes(this.#tokens.peek().text)) this.#tokens.take();
    if (!SQL_WORDS.truths.has(this.#tokens.peek().text)) return undefined;
    this.#tokens.take();
    return { ...chain, compared: true };
  }

  /** An operand and what is reckoned with it: a bound of BETWEEN, whose AND is not the logical one. */
  #reckoned(): Weight | undefined {
    let total = this.operand();
    while (total !== undefined && SQL_WORDS.reckoning.has(this.#tokens.peek().text)) {
      total = this.#joinOperand(total, { reckoned: true });
    }
    return total;
  }

  #primary(): Weight | undefined {
    const token = this.#tokens.peek();
    switch (token.kind) {
      case "number":
      case "variable":
        this.#tokens.take();
        return LITERAL;
      case "quoted":
        return this.#strings();
      case "name":
        this.#tokens.take();
        return NAME;
      case "mark":
        return token.text === "(" ? this.#group() : undefined;
      case "word":
        return this.#word(token);
      case "unclosed":
      case "operator":
      case "stray":
      case "end":
        return undefined;
    }
  }

  /** A string, and those beside it, which are one with it. */
  #strings(): Weight {
    const { from, to } = this.#tokens.take();
    const half = to > this.#end && to - from === 2;
    while (this.#tokens.peek().kind === "quoted") this.#tokens.take();
    return half ? { ...LITERAL, half } : LITERAL;
  }

  #word({ text }: SqlToken): Weight | undefined {
    const next = this.#tokens.peek(1);
    if (text === "SELECT") return this.#bareSelect();
    if (text === "CASE" && (next.text === "WHEN" || this.#tokens.peek(2).text === "WHEN")) {
      return this.#nested(() => this.#caseWhen());
    }
    if (isReserved(text) && !(SQL_WORDS.joins.has(text) && next.text === "(")) return undefined;
    this.#tokens.take();
    if (next.kind === "quoted" && (SQL_WORDS.stringTypes.has(text) || isPrefix(text, next))) {
      return this.#strings();
    }
    if (SQL_WORDS.truths.has(text)) return { ...LITERAL, truth: true };
    return next.text === "(" ? this.#call() : NAME;
  }

  /** `.name`, calls among them; `::type`; COLLATE. */
  #postfixes(weight: Weight): Weight | undefined {
    let total = weight;
    while (true) {
      const { text } = this.#tokens.peek();
      if (text !== "." && text !== "::" && text !== "COLLATE") return total;
      this.#tokens.take();
      const { kind, text: name } = this.#tokens.take();
      if (kind !== "word" && kind !== "name" && kind !== "quoted" && name !== "*") return undefined;
      if (this.#tokens.peek().text !== "(") continue;
      const call = this.#call();
      if (call === undefined) return undefined;
      total = bothWeights(total, call);
    }
  }

  /** What a pair of parentheses holds when it is no call: a select, or expressions. */
  #group(): Weight | undefined {
    this.#tokens.take();
    return this.#inParentheses(() => this.#list());
  }

  #call(): Weight | undefined {
    const { glued } = this.#tokens.take();
    if (this.#tokens.peek().text === ")") {
      this.#tokens.take();
      return { ...NAME, called: glued };
    }
    const inside = this.#inParentheses(() => this.#list());
    if (inside === undefined) return undefined;
    const called = (glued && inside.literal) || inside.compared || inside.called;
    return { ...NAME, called, proof: inside.proof || (inside.compared && inside.called) };
  }

  #inParentheses(read: () => Weight | undefined): Weight | undefined {
    const inside = this.#nested(read);
    if (inside === undefined || this.atEnd()) return inside;
    return this.#tokens.take().text === ")" ? inside : undefined;
  }

  #nested<T>(read: () => T): T | undefined {
    if (++this.#depth > MAX_NESTING) {
      this.#evidence ??= "unreadable";
      return undefined;
    }
    const result = read();
    this.#depth--;
    return result;
  }

  #list(): Weight | undefined {
    let total = NAME;
    while (true) {
      const item = this.#tokens.peek().text === "*" ? this.#star() : this.expression();
      if (item === undefined) return undefined;
      total = bothWeights(total, item);
      if (!this.#argumentTails()) return undefined;
      if (this.#tokens.peek().text !== ",") return total;
      this.#tokens.take();
    }
  }

  #star(): Weight {
    this.#tokens.take();
    return LITERAL;
  }

  /** `AS type`, `USING charset`, `FROM x`, `ORDER BY x` and their like behind an argument. */
  #argumentTails(): boolean {
    while (SQL_WORDS.argumentTails.has(this.#tokens.peek().text)) {
      this.#tokens.take();
      if (this.#tokens.peek().text === "BY") this.#tokens.take();
      if (this.expression() === undefined) return false;
    }
    return true;
  }

  #caseWhen(): Weight | undefined {
    this.#tokens.take();
    let total = NAME;
    if (this.#tokens.peek().text !== "WHEN") this.operand();
    while (["WHEN", "THEN", "ELSE"].includes(this.#tokens.peek().text)) {
      this.#tokens.take();
      const part = this.expression();
      if (part === undefined) return undefined;
      total = bothWeights(total, part);
    }
    if (this.atEnd()) return this.#decided(total);
    return this.#tokens.take().text === "END" ? this.#decided(total) : undefined;
  }

  /** A CASE is no word of prose; one that compares is an operator with operands by itself. */
  #decided(inside: Weight): Weight {
    return { ...NAME, called: true, proof: inside.proof || inside.compared };
  }

  /** A select without parentheses is a sub-select only where another operand stands before it. */
  #bareSelect(): Weight | undefined {
    const first = this.#tokens.peek().from === 0;
    const select = this.#nested(() => this.#select());
    if (select === "certain" && !first) this.#evidence ??= "sub-select";
    return select === undefined || this.#evidence !== undefined ? undefined : NAME;
  }

  /**
   * A select as far as is needed to tell it from prose. Certain: its first column is a call or a
   * comparison, or a literal or `*` with a comma or the select's end behind it; or it has a FROM with
   * a table behind which SQL may go on. Possible: `select size` and the like.
   */
  #select(): "certain" | "possible" | undefined {
    this.#tokens.take();
    while (["ALL", "DISTINCT", "DISTINCTROW"].includes(this.#tokens.peek().text)) {
      this.#tokens.take();
    }
    if (this.#tokens.peek().text === "TOP" && this.#tokens.peek(1).kind === "number") {
      this.#tokens.take();
      this.#tokens.take();
    }
    while (true) {
      const column = this.#tokens.peek().text === "*" ? this.#star() : this.expression();
      if (column === undefined) return undefined;
      const aliased = this.#alias();
      const { text } = this.#tokens.peek();
      if (column.called || column.compared) return "certain";
      if (column.literal && !aliased && (this.#atSelectEnd() || text === "," || text === "FROM")) {
        return "certain";
      }
      if (text === "FROM") return this.#table() ? "certain" : undefined;
      if (text !== ",") return this.#atSelectEnd() ? "possible" : undefined;
      this.#tokens.take();
    }
  }

  /** Takes an alias, and tells whether it had no AS in front. */
  #alias(): boolean {
    const as = this.#tokens.peek().text === "AS";
    if (as) this.#tokens.take();
    const { kind, text } = this.#tokens.peek();
    const named = kind === "name" || (kind === "word" && !isReserved(text));
    if (named) this.#tokens.take();
    return named && !as;
  }

  #table(): boolean {
    this.#tokens.take();
    if (this.operand() === undefined) return false;
    this.#alias();
    const { text } = this.#tokens.peek();
    return this.#atSelectEnd() || text === "," || SQL_WORDS.joins.has(text);
  }

  #atSelectEnd(): boolean {
    const { text } = this.#tokens.peek();
    return this.atEnd() || text === ")" || text === ";" || SQL_WORDS.clauses.has(text) ||
      SQL_WORDS.setOperations.has(text);
  }
}

/** `N'…'`, `_latin1'…'`: a word that is one with the string behind it. */
function isPrefix(word: string, { glued }: SqlToken): boolean {
  return glued && (word.length === 1 || word.startsWith("_"));
}
