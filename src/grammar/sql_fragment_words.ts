/**
 * Words that mean something to the grammar of SQL, by the part they play in a piece of it.
 * @module
 */

/** The parts that words and operators play. */
export const SQL_WORDS = {
  /** Join conditions: what stands right of them can be made true. */
  logical: setOf("OR AND XOR || &&"),
  /** Compare what stands on their two sides. */
  comparing: setOf("= == <> != ^= < > <= >= <=> ~* !~ !~*"),
  /** Compare, and are ordinary words of English too. */
  comparingWords: setOf("LIKE ILIKE RLIKE REGEXP GLOB MATCH SIMILAR SOUNDS IN BETWEEN IS"),
  /** Reckon with what stands on their two sides. */
  reckoning: setOf("+ - * / % & | ^ # ~ << >> -> ->> := DIV MOD"),
  /** Stand in front of an operand. */
  prefixes: setOf("NOT BINARY DISTINCT PRIOR EXISTS ANY ALL SOME - + ~ !"),
  /** Join two selects. */
  setOperations: setOf("UNION INTERSECT EXCEPT MINUS"),
  /** May follow an operand as a clause of the statement around it. */
  clauses: setOf("WHERE GROUP ORDER HAVING LIMIT OFFSET FOR INTO PROCEDURE"),
  /** Join a table to another. */
  joins: setOf("JOIN INNER LEFT RIGHT FULL CROSS NATURAL STRAIGHT_JOIN"),
  /** Are true or false by themselves. */
  truths: setOf("TRUE FALSE NULL UNKNOWN"),
  /** Give the string behind them a type, with blanks between. */
  stringTypes: setOf("DATE TIME TIMESTAMP INTERVAL BINARY"),
  /** Go on inside the parentheses of a call. */
  argumentTails: setOf("AS USING FROM FOR ORDER SEPARATOR"),
} as const;

const RESERVED = setOf(
  "OR AND XOR DIV AS ON BY FROM SET THEN WHEN ELSE SELECT CREATE DROP ALTER TABLE USING VALUES " +
    "WITH TO DESC ASC LIKE ILIKE RLIKE REGEXP GLOB IN BETWEEN IS",
);

/** Whether no operand begins with a word and no alias is one, in any dialect, unless in quotes. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word) || SQL_WORDS.setOperations.has(word) || SQL_WORDS.clauses.has(word) ||
    SQL_WORDS.joins.has(word);
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
