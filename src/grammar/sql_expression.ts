/**
 * Tokens of a condition → {@linkcode SqlCondition}, for the dialects whose parser is asked only
 * whether a text parses. What it cannot read reads no row, so that it never counts as a WHERE.
 * @module
 */

import type { SqlCondition } from "./sql_condition.ts";
import type { SqlDialect } from "./sql_facts.ts";
import type { SqlToken } from "./sql_lexer.ts";

/** What the condition belongs to. */
export interface ConditionPlace {
  readonly dialect: SqlDialect;
  /** The table that is changed, where it is the only one. */
  readonly table: string | undefined;
}

/** Reads a whole condition. */
export function readCondition(tokens: readonly SqlToken[], place: ConditionPlace): SqlCondition {
  const reader = new ExpressionReader(tokens, place);
  const condition = reader.disjunction();
  return reader.atEnd ? condition : UNREADABLE;
}

const UNREADABLE: SqlCondition = { type: "call", name: "?", parts: [] };

/** Words that take no argument and are the same for every row. */
const CONSTANTS: ReadonlySet<string> = new Set([
  ...["current_date", "current_time", "current_timestamp", "current_user", "localtime"],
  ...["localtimestamp", "utc_date", "utc_time", "utc_timestamp", "sysdate", "default"],
]);

const COMPARISONS: ReadonlySet<string> = new Set([
  ...["=", "==", "<>", "!=", "<", ">", "<=", ">=", "<=>", "is", "like", "glob", "regexp", "rlike"],
  ...["match", "in", "between", "sounds", "isnull", "notnull", "member"],
]);

const ARITHMETIC: ReadonlySet<string> = new Set([
  ...["+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "->", "->>", ":=", "||"],
  ...["div", "mod", "collate", "escape"],
]);

/** Words inside a call or a CASE that are no columns. */
const SYNTAX: ReadonlySet<string> = new Set([
  ...["as", "from", "for", "separator", "distinct", "order", "by", "asc", "desc", "case", "when"],
  ...["then", "else", "end", "in", "is", "not", "null", "like", "and", "or", "xor", "between"],
  ...["interval", "using", "true", "false", "leading", "trailing", "both", "against", "boolean"],
  ...["mode", "natural", "language", "with", "query", "expansion", "escape", "collate", "div"],
  ...["mod", "unsigned", "signed", "integer", "int", "char", "nchar", "binary", "decimal", "date"],
  ...["time", "datetime", "timestamp", "year", "json", "real", "float", "double", "text", "blob"],
  ...["numeric", "varchar", "bigint", "smallint", "microsecond", "second", "minute", "hour", "day"],
  ...["week", "month", "quarter", "regexp", "rlike", "glob", "exists", "utf8mb4", "utf8", "array"],
]);

class ExpressionReader {
  readonly #tokens: readonly SqlToken[];
  readonly #place: ConditionPlace;
  #at = 0;

  constructor(tokens: readonly SqlToken[], place: ConditionPlace) {
    this.#tokens = tokens;
    this.#place = place;
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  disjunction(): SqlCondition {
    const parts = [this.#exclusion()];
    while (this.#takes("or") || (this.#place.dialect === "mysql" && this.#takes("||"))) {
      parts.push(this.#exclusion());
    }
    return joined("or", parts);
  }

  #exclusion(): SqlCondition {
    const parts = [this.#conjunction()];
    while (this.#takes("xor")) parts.push(this.#conjunction());
    return parts.length === 1 ? parts[0] ?? UNREADABLE : { type: "call", name: "xor", parts };
  }

  #conjunction(): SqlCondition {
    const parts = [this.#negation()];
    while (this.#takes("and") || this.#takes("&&")) parts.push(this.#negation());
    return joined("and", parts);
  }

  #negation(): SqlCondition {
    let odd = false;
    while (this.#takes("not") || this.#takes("!")) odd = !odd;
    const inner = this.#comparison();
    return odd ? { type: "not", parts: [inner] } : inner;
  }

  #comparison(): SqlCondition {
    let left = this.#operand();
    for (;;) {
      const negated = this.#peek() === "not" && COMPARISONS.has(this.#peek(1));
      const name = this.#peek(negated ? 1 : 0);
      if (!COMPARISONS.has(name)) return left;
      this.#at += negated ? 2 : 1;
      left = this.#compared(left, { name, negated });
    }
  }

  #compared(
    left: SqlCondition,
    { name, negated }: { readonly name: string; readonly negated: boolean },
  ): SqlCondition {
    const call = (full: string, ...parts: SqlCondition[]): SqlCondition => ({
      type: "call",
      name: negated ? `not ${full}` : full,
      parts,
    });
    switch (name) {
      case "is": {
        const not = this.#takes("not");
        if (this.#takes("null")) return call(not ? "is not null" : "is null", left);
        const distinct = this.#takes("distinct");
        if (distinct) this.#takes("from");
        const same = not === distinct;
        return call(same ? "is" : "is not", left, this.#operand());
      }
      case "isnull":
        return call("is null", left);
      case "notnull":
        return call("is not null", left);
      case "between": {
        const low = this.#operand();
        this.#takes("and");
        return call("between", left, low, this.#operand());
      }
      case "in":
        return call("in", left, ...this.#listed(left));
      default:
        this.#takes("like");
        return call(name, left, this.#operand());
    }
  }

  /** After IN. `id IN (SELECT id FROM t)` in a change of `t` alone takes the column itself. */
  #listed(left: SqlCondition): readonly SqlCondition[] {
    const [, , column, from, table, close] = this.#tokens.slice(this.#at, this.#at + 6);
    const isOwn = this.#peek(1) === "select" && from?.text === "from" && close?.text === ")" &&
      table?.text === this.#place.table && left.type === "column" &&
      column?.text.toLowerCase() === left.name;
    const list = this.#operand();
    if (isOwn) return [left];
    return list.type === "call" && list.name === "list" ? list.parts : [list];
  }

  #operand(): SqlCondition {
    const parts = [this.#primary()];
    const operators: string[] = [];
    for (let next = this.#peek(); ARITHMETIC.has(next); next = this.#peek()) {
      if (next === "||" && this.#place.dialect === "mysql") break;
      operators.push(next);
      this.#at++;
      parts.push(this.#primary());
    }
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return { type: "call", name: operators.join(" "), parts };
  }

  #primary(): SqlCondition {
    while (["+", "-", "~", "binary"].includes(this.#peek())) this.#at++;
    const token = this.#tokens[this.#at++];
    switch (token?.type) {
      case undefined:
        return UNREADABLE;
      case "string":
        while (this.#tokens[this.#at]?.type === "string") this.#at++;
        return { type: "literal", value: token.text };
      case "number":
        return { type: "literal", value: Number(token.text) };
      case "parameter":
        return { type: "call", name: token.text, parts: [] };
      case "punctuation":
        if (token.text === "*") return { type: "literal", value: "*" };
        return token.text === "(" ? this.#parenthesis() : UNREADABLE;
      case "quoted":
        return this.#named(token.text);
      case "word":
        return this.#word(token.text);
    }
  }

  /** After `(`: a sub-select, a list or an expression. */
  #parenthesis(): SqlCondition {
    const first = this.#peek();
    if (first === "select" || first === "with" || first === "values") {
      return this.#query(this.#upToClose());
    }
    const parts = [this.disjunction()];
    while (this.#takes(",")) parts.push(this.disjunction());
    if (!this.#takes(")")) return UNREADABLE;
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { type: "call", name: "list", parts };
  }

  #query(inside: readonly SqlToken[]): SqlCondition {
    const words = inside.filter(({ type }) => type === "word").map(({ text }) => text);
    return {
      type: "query",
      text: inside.map(({ text }) => text).join(" "),
      varies: words.includes("from"),
    };
  }

  #word(word: string): SqlCondition {
    if (word === "true" || word === "false") return { type: "literal", value: word === "true" };
    if (word === "null") return { type: "literal", value: null };
    if (CONSTANTS.has(word)) return { type: "call", name: word, parts: [] };
    if (word === "case") return this.#opaque("case", this.#upToEnd());
    if (word === "exists" && this.#takes("(")) {
      return { type: "call", name: "exists", parts: [this.#query(this.#upToClose())] };
    }
    if (word === "interval") {
      const amount = this.#primary();
      this.#at++;
      return { type: "call", name: "interval", parts: [amount] };
    }
    const next = this.#tokens[this.#at];
    // DATE '2024-01-01', _utf8mb4 'x'
    if (next?.type === "string") return this.#primary();
    return this.#named(word);
  }

  /** A column, or a call when a parenthesis follows. */
  #named(first: string): SqlCondition {
    let name = first.toLowerCase();
    while (this.#takes(".")) {
      const next = this.#tokens[this.#at++]?.text.toLowerCase() ?? "";
      name = this.#place.table === undefined ? `${name}.${next}` : next;
    }
    if (!this.#takes("(")) return { type: "column", name };
    const call = this.#opaque(name, this.#upToClose());
    if (this.#takes("against") && this.#takes("(")) this.#upToClose();
    return call;
  }

  /** What stands in a call or a CASE, as its columns and everything else as one text. */
  #opaque(name: string, inside: readonly SqlToken[]): SqlCondition {
    const plain = inside.every(({ type, text }) => type !== "word" || !SYNTAX.has(text));
    if (plain && inside.length > 0) {
      const reader = new ExpressionReader(inside, this.#place);
      const parts = [reader.disjunction()];
      while (reader.#takes(",")) parts.push(reader.disjunction());
      if (reader.atEnd) return { type: "call", name, parts };
    }
    const columns = inside.filter(({ type, text }, index) => {
      const after = inside[index + 1]?.text;
      return (type === "quoted" ||
        (type === "word" && !SYNTAX.has(text) && !CONSTANTS.has(text))) &&
        after !== "(" && after !== ".";
    });
    const text = inside.map((token) => token.text).join(" ");
    return {
      type: "call",
      name,
      parts: [
        ...columns.map((column): SqlCondition => ({ type: "column", name: column.text })),
        { type: "literal", value: text },
      ],
    };
  }

  #upToClose(): readonly SqlToken[] {
    return this.#upTo((text) => text === "(" ? 1 : text === ")" ? -1 : 0);
  }

  #upToEnd(): readonly SqlToken[] {
    return this.#upTo((text) => text === "case" ? 1 : text === "end" ? -1 : 0);
  }

  #upTo(depthOf: (text: string) => number): readonly SqlToken[] {
    const from = this.#at;
    let depth = 1;
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at];
      if (token?.type === "word" || token?.type === "punctuation") depth += depthOf(token.text);
      if (depth === 0) return this.#tokens.slice(from, this.#at++);
    }
    return this.#tokens.slice(from);
  }

  /** The keyword or sign that is next, or the empty text. */
  #peek(ahead = 0): string {
    const token = this.#tokens[this.#at + ahead];
    return token?.type === "word" || token?.type === "punctuation" ? token.text : "";
  }

  #takes(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#at++;
    return true;
  }
}

function joined(type: "and" | "or", parts: readonly SqlCondition[]): SqlCondition {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { type, parts };
}
