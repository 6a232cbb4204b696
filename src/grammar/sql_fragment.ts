/**
 * A piece of SQL that stands behind an operand: whether it goes on with SQL, or is prose.
 * @module
 */

import { type SqlEvidence, SqlExpressions } from "./sql_fragment_expression.ts";
import { beginsBareStatement, beginsStatement } from "./sql_fragment_statement.ts";
import { type SqlReading, SqlTokens } from "./sql_fragment_tokens.ts";
import { bothWeights, LITERAL, NAME, type Weight } from "./sql_fragment_weight.ts";
import { SQL_WORDS } from "./sql_fragment_words.ts";

/** By what a piece goes on. */
export type SqlContinuation = SqlEvidence | "statement" | "operator" | "clause" | "comment";

/** How a piece is read. */
export interface FragmentOptions extends SqlReading {
  /** Whether the piece stands behind a quote that it closed. If not, it begins with the operand itself. */
  readonly quoted: boolean;
  /** The quote that the server adds behind it, if it does. */
  readonly added: "'" | '"' | undefined;
}

/**
 * By what a piece goes on with SQL, if it does. A piece is prose from the first token on that no
 * dialect would take at its place, unless something before was SQL beyond doubt. Linear.
 */
export function readContinuation(
  text: string,
  { mysql, quoted, added }: FragmentOptions,
): SqlContinuation | undefined {
  const tokens = new SqlTokens(text + (added ?? ""), { mysql });
  const expressions = new SqlExpressions({ tokens, end: text.length });
  const whole = quoted === (added !== undefined);
  const continuation = new Fragment({ tokens, expressions, quoted, whole }).read();
  return tokens.exhausted ? "unreadable" : continuation;
}

interface FragmentParts {
  readonly tokens: SqlTokens;
  readonly expressions: SqlExpressions;
  readonly quoted: boolean;
  /** Whether the statement around the piece goes on as its author wrote it. */
  readonly whole: boolean;
}

class Fragment {
  readonly #tokens: SqlTokens;
  readonly #expressions: SqlExpressions;
  readonly #quoted: boolean;
  readonly #whole: boolean;
  /** The operand in front is a literal, and so no word of prose. */
  #literalFirst = false;
  /** Parentheses closed that the piece did not open. */
  #closed = 0;
  /** A clause was read that has what clauses have: a number to order by, a comparison, a file. */
  #clause: "none" | "read" | "telling" = "none";

  constructor({ tokens, expressions, quoted, whole }: FragmentParts) {
    this.#tokens = tokens;
    this.#expressions = expressions;
    this.#quoted = quoted;
    this.#whole = whole;
  }

  read(): SqlContinuation | undefined {
    const first = this.#quoted ? LITERAL : this.#first();
    if (first === undefined) return this.#expressions.evidence;
    this.#literalFirst = first.literal || first.called;
    // What the quote closed is no literal of the piece's own.
    let total: Weight | undefined = this.#quoted ? NAME : first;
    while (true) {
      total = this.#expressions.continueFrom(total);
      if (this.#expressions.evidence !== undefined) return this.#expressions.evidence;
      if (total === undefined) return undefined;
      if (total.proof) return "operator";
      if (this.#expressions.atEnd()) return this.#verdict(total);
      const next = this.#goOn(total);
      if (next === undefined || typeof next === "string") {
        return this.#expressions.evidence ?? next;
      }
      total = next;
    }
  }

  /** The operand of a piece that nothing stands before; a piece may also leave it out. */
  #first(): Weight | undefined {
    const { text } = this.#tokens.peek();
    const omitted = [")", ";", ","].includes(text) || SQL_WORDS.logical.has(text) ||
      SQL_WORDS.comparingWords.has(text) || SQL_WORDS.setOperations.has(text);
    // HAVING is tried in a place of its own, where nothing stands before it.
    return omitted || text === "HAVING" ? NAME : this.#expressions.operand();
  }

  /** What stands behind a whole expression: more to weigh, a continuation, or nothing that fits. */
  #goOn(total: Weight): Weight | SqlContinuation | undefined {
    const { text } = this.#tokens.peek();
    if (text === ")") {
      this.#tokens.take();
      this.#closed++;
      return total;
    }
    if (text === ",") {
      this.#tokens.take();
      return this.#also(total, this.#expressions.operand());
    }
    if (text === ";") return this.#statement(total);
    if (text === "(") return this.#also(total, this.#expressions.operand());
    if (SQL_WORDS.setOperations.has(text)) {
      this.#expressions.setOperation();
      return undefined;
    }
    if (beginsBareStatement(this.#tokens)) return "statement";
    return SQL_WORDS.clauses.has(text) ? this.#readClause(total) : undefined;
  }

  #also(total: Weight, more: Weight | undefined): Weight | undefined {
    return more === undefined ? undefined : bothWeights(total, more);
  }

  #statement(total: Weight): SqlContinuation | undefined {
    while (this.#tokens.peek().text === ";") this.#tokens.take();
    if (beginsStatement(this.#tokens)) return "statement";
    if (this.#expressions.atEnd()) return this.#verdict(total);
    const { text } = this.#tokens.peek();
    if (text === "SELECT") {
      this.#expressions.operand();
      return this.#expressions.evidence === undefined ? undefined : "statement";
    }
    if (text !== "IF") return undefined;
    this.#tokens.take();
    const condition = this.#expressions.expression();
    return condition?.compared || condition?.called ? "statement" : undefined;
  }

  #readClause(total: Weight): Weight | undefined {
    const word = this.#tokens.take().text;
    if (this.#clause === "none") this.#clause = "read";
    switch (word) {
      case "FOR":
        this.#tokens.take();
        return total;
      case "INTO":
        return this.#intoFile(total);
      case "PROCEDURE":
        return this.#items(total);
      case "GROUP":
      case "ORDER":
        if (this.#tokens.take().text !== "BY") return undefined;
        return this.#items(total);
      default:
        return this.#condition(total);
    }
  }

  #intoFile(total: Weight): Weight | undefined {
    if (!["OUTFILE", "DUMPFILE"].includes(this.#tokens.take().text)) return undefined;
    if (this.#expressions.operand()?.literal !== true) return undefined;
    this.#clause = "telling";
    return { ...total, proof: true };
  }

  /** WHERE, HAVING, LIMIT, OFFSET. */
  #condition(total: Weight): Weight | undefined {
    const condition = this.#expressions.expression();
    if (condition === undefined) return undefined;
    const tells = condition.compared || condition.called;
    if (tells) this.#clause = "telling";
    return this.#also(total, { ...condition, literal: false, proof: tells && condition.literal });
  }

  #items(total: Weight): Weight | undefined {
    const first = this.#expressions.expression();
    if (first === undefined) return undefined;
    if (first.literal || first.called) this.#clause = "telling";
    if (["ASC", "DESC"].includes(this.#tokens.peek().text)) this.#tokens.take();
    return total;
  }

  /** What the whole piece comes to, when all of it could be read. */
  #verdict(total: Weight): SqlContinuation | undefined {
    const comment = this.#tokens.peek().kind === "end" ? this.#tokens.finalComment : undefined;
    // A quote of the server's that opens a string breaks the statement around the piece.
    const broken = !this.#whole || this.#tokens.peek().kind === "unclosed";
    if (this.#clause === "telling" && (this.#quoted || this.#literalFirst)) return "clause";
    if (broken) return undefined;
    // A number that is compared or reckoned with a call: the call is there for what it does.
    if (this.#literalFirst && total.called && (total.compared || total.reckoned)) return "operator";
    if (this.#quoted) return this.#quotedVerdict(total, comment !== undefined);
    if (comment === undefined) return undefined;
    if (total.logicalLiteral && this.#literalFirst) return "comment";
    if (total.reckoned || total.compared) return undefined;
    const cut = this.#closed > 0 || (comment.opener === "--" && !comment.worded);
    return this.#literalFirst && comment.opener !== "#" && cut ? "comment" : undefined;
  }

  /** Behind a quote every whole operation counts, except reckoning with names: `' -wide -blue --x`. */
  #quotedVerdict(total: Weight, cut: boolean): SqlContinuation | undefined {
    if (total.logical || total.compared) return "operator";
    if (total.reckoned) return total.literal ? "operator" : undefined;
    if (this.#clause !== "none") return "clause";
    return cut ? "comment" : undefined;
  }
}
