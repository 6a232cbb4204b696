/**
 * Whether a WHERE can be false: a condition as both parsers give it, and what can be said of it
 * without a row.
 * @module
 */

/** An expression, as far as it matters here. */
export type SqlCondition =
  | { readonly type: "literal"; readonly value: string | number | boolean | null }
  /** A column, with its table where there are several; a parameter is a `call`, the same for every row. */
  | { readonly type: "column"; readonly name: string }
  | { readonly type: "and" | "or" | "not"; readonly parts: readonly SqlCondition[] }
  /** An operator (`=`, `like`, `is null`, `in`, `between`) or a function with what it takes. */
  | { readonly type: "call"; readonly name: string; readonly parts: readonly SqlCondition[] }
  /** A sub-select; `varies` when it reads a table. */
  | { readonly type: "query"; readonly text: string; readonly varies: boolean };

/**
 * Whether the condition can be false for one row and true for another, as far as the text tells.
 * Constants cannot, nor can `id = id`, `x OR TRUE`, `a IS NULL OR a IS NOT NULL`, `name LIKE '%'`.
 */
export function canMiss(condition: SqlCondition): boolean {
  return truthOf(condition) === "varies";
}

/** `fixed`: the same for every row, and nobody has worked out what. */
type Truth = "true" | "false" | "fixed" | "varies";

function truthOf(condition: SqlCondition): Truth {
  switch (condition.type) {
    case "literal":
      return truthOfLiteral(condition.value);
    case "column":
      return "varies";
    case "query":
      return condition.varies ? "varies" : "fixed";
    case "and":
      return all(condition.parts.map(truthOf));
    case "or":
      return hasOpposites(condition.parts) ? "true" : some(condition.parts.map(truthOf));
    case "not":
      return opposite(some(condition.parts.map(truthOf)));
    case "call":
      return truthOfCall(condition.name, condition.parts);
  }
}

function truthOfLiteral(value: string | number | boolean | null): Truth {
  if (typeof value === "string") return "fixed";
  return value ? "true" : "false";
}

function all(truths: readonly Truth[]): Truth {
  if (truths.includes("varies")) return "varies";
  if (truths.includes("false")) return "false";
  return truths.includes("fixed") ? "fixed" : "true";
}

function some(truths: readonly Truth[]): Truth {
  if (truths.includes("true")) return "true";
  if (truths.includes("fixed")) return "fixed";
  return truths.includes("varies") ? "varies" : "false";
}

function opposite(truth: Truth): Truth {
  return truth === "true" ? "false" : truth === "false" ? "true" : truth;
}

/** Comparisons that hold for equal sides, and the ones that then fail. */
const REFLEXIVE: ReadonlySet<string> = new Set(
  ["=", "==", "<=", ">=", "<=>", "is", "like", "ilike", "glob", "is not distinct from", "~"],
);
const IRREFLEXIVE: ReadonlySet<string> = new Set(
  ["<>", "!=", "<", ">", "is not", "not like", "is distinct from"],
);

function truthOfCall(name: string, parts: readonly SqlCondition[]): Truth {
  const varies = parts.some(readsRow);
  const [first, ...rest] = parts;
  if (first === undefined) return "fixed";
  const key = keyOf(first);
  const equal = rest.length === 1 && rest.every((part) => keyOf(part) === key);
  if (equal && REFLEXIVE.has(name)) return "true";
  if (equal && IRREFLEXIVE.has(name)) return "false";
  if (name === "in" && rest.some((part) => keyOf(part) === key)) return "true";
  if (name === "between" && rest.length === 2 && rest.every((part) => keyOf(part) === key)) {
    return "true";
  }
  if (rest.some((part) => takesAll(name, part))) return "true";
  if (name === "is not null" && alwaysThere(first)) return "true";
  if (name === "is null" && alwaysThere(first)) return "false";
  return varies ? "varies" : ofLiterals(name, parts);
}

/** Patterns that every text matches. */
const TAKES_ALL: ReadonlyMap<string, RegExp> = new Map([
  ...["like", "ilike", "similar"].map((name) => [name, /^%+$/] as const),
  ["glob", /^\*+$/],
  ...["~", "~*", "regexp", "rlike"].map((name) => [name, /^\^?(?:\.\*)?\$?$/] as const),
]);

function takesAll(name: string, part: SqlCondition): boolean {
  return part.type === "literal" && typeof part.value === "string" &&
    TAKES_ALL.get(name)?.test(part.value) === true;
}

function alwaysThere(part: SqlCondition): boolean {
  if (part.type === "literal") return part.value !== null;
  return part.type === "call" && (part.name === "coalesce" || part.name === "ifnull") &&
    part.parts.some(alwaysThere);
}

function readsRow(condition: SqlCondition): boolean {
  switch (condition.type) {
    case "literal":
      return false;
    case "column":
      return true;
    case "query":
      return condition.varies;
    case "and":
    case "or":
    case "not":
    case "call":
      return condition.parts.some(readsRow);
  }
}

/** Comparisons of two numbers or two texts; everything else that reads no row is `fixed`. */
function ofLiterals(name: string, parts: readonly SqlCondition[]): Truth {
  const [left, right] = parts;
  if (left?.type !== "literal" || right?.type !== "literal" || parts.length !== 2) return "fixed";
  if (typeof left.value !== typeof right.value || left.value === null || right.value === null) {
    return "fixed";
  }
  const same = left.value === right.value;
  // A collation may take different texts for equal.
  if (!same && typeof left.value === "string") return "fixed";
  if (name === "=" || name === "==") return same ? "true" : "false";
  if (name === "<>" || name === "!=") return same ? "false" : "true";
  if (typeof left.value !== "number" || typeof right.value !== "number") return "fixed";
  if (name === "<") return left.value < right.value ? "true" : "false";
  if (name === ">") return left.value > right.value ? "true" : "false";
  return "fixed";
}

const NEGATIONS: ReadonlyMap<string, string> = new Map([
  ...([["=", "<>"], ["==", "!="], ["=", "!="], ["<", ">="], [">", "<="]] as const),
  ...([["is null", "is not null"], ["like", "not like"], ["in", "not in"]] as const),
].flatMap(([one, other]) => [[one, other], [other, one]] as const));

/** Whether one part is the negation of another. */
function hasOpposites(parts: readonly SqlCondition[]): boolean {
  const keys = new Set(parts.map(keyOf));
  return parts.some((part) => {
    if (part.type === "not") return part.parts.some((inner) => keys.has(keyOf(inner)));
    if (part.type !== "call") return false;
    const name = NEGATIONS.get(part.name);
    return name !== undefined && keys.has(keyOf({ ...part, name }));
  });
}

/** Equal for equal expressions. */
function keyOf(condition: SqlCondition): string {
  return JSON.stringify(condition);
}
