/**
 * A condition of PostgreSQL's parse tree → {@linkcode SqlCondition}. What is not known here keeps
 * what it holds, so that its columns still count.
 * @module
 */

import type { SqlCondition } from "./sql_condition.ts";
import {
  isPgObject,
  listOf,
  namesOf,
  nodeOf,
  type PgNode,
  type PgObject,
  walk,
} from "./sql_postgres_tree.ts";

/**
 * Reads the condition of an UPDATE or DELETE; `table` is the name of the one that is changed, where
 * it is the only one.
 */
export function readPgCondition(value: unknown, table: string | undefined): SqlCondition {
  return conditionOf(value, { table, depth: 0 });
}

interface Place {
  readonly table: string | undefined;
  readonly depth: number;
}

/** Deeper than this is not read, and so no WHERE. */
const MAX_DEPTH = 400;
const UNREAD: SqlCondition = { type: "call", name: "?", parts: [] };

function conditionOf(value: unknown, above: Place): SqlCondition {
  const node = nodeOf(value);
  if (node === undefined || above.depth > MAX_DEPTH) return UNREAD;
  const place = { ...above, depth: above.depth + 1 };
  const { type, fields } = node;
  const read = (name: string) => conditionOf(fields[name], place);
  const readAll = (name: string) => listOf(fields[name]).map((item) => conditionOf(item, place));
  switch (type) {
    case "BoolExpr": {
      const op = fields["boolop"];
      return {
        type: op === "AND_EXPR" ? "and" : op === "OR_EXPR" ? "or" : "not",
        parts: readAll("args"),
      };
    }
    case "A_Const":
      return { type: "literal", value: constantOf(fields) };
    case "ColumnRef":
      return { type: "column", name: columnName(fields, place.table) };
    case "CurrentOfExpr":
      return { type: "column", name: "current of" };
    case "TypeCast":
    case "CollateClause":
      return read("arg");
    case "NullTest": {
      const isNull = fields["nulltesttype"] === "IS_NULL";
      return { type: "call", name: isNull ? "is null" : "is not null", parts: [read("arg")] };
    }
    case "CoalesceExpr":
      return { type: "call", name: "coalesce", parts: readAll("args") };
    case "A_Expr":
      return comparison(fields, place);
    case "SubLink":
      return subLink(fields, place);
    case "FuncCall":
      // What SIMILAR TO compares with.
      if (namesOf(fields["funcname"]).at(-1) === "similar_to_escape") {
        return conditionOf(listOf(fields["args"])[0], place);
      }
      return anyOther(node);
    default:
      return anyOther(node);
  }
}

function anyOther({ type, fields }: PgNode): SqlCondition {
  return {
    type: "call",
    name: type,
    parts: [...columnsIn(fields), {
      type: "literal",
      value: JSON.stringify(withoutPlaces(fields)),
    }],
  };
}

/** The name of a column, with its table where there are several; empty for `*`. */
function columnName(column: unknown, table?: string): string {
  const names = namesOf(isPgObject(column) ? column["fields"] : undefined);
  return table === undefined ? names.join(".") : names.at(-1) ?? "";
}

/** Zero, false and the empty text are left out of the tree. */
function constantOf(fields: PgObject): string | number | boolean | null {
  const inside = (name: string) => {
    const value = fields[name];
    return isPgObject(value) ? value[name] : undefined;
  };
  if (fields["isnull"] === true) return null;
  if ("ival" in fields) return Number(inside("ival") ?? 0);
  if ("fval" in fields) return Number(inside("fval") ?? 0);
  if ("boolval" in fields) return inside("boolval") === true;
  return String(inside("sval") ?? inside("bsval") ?? "");
}

function comparison(fields: PgObject, place: Place): SqlCondition {
  const left = conditionOf(fields["lexpr"], place);
  const operator = namesOf(fields["name"]).at(-1) ?? "";
  const list = nodeOf(fields["rexpr"]);
  const right = list?.type === "List"
    ? listOf(list.fields["items"]).map((item) => conditionOf(item, place))
    : [conditionOf(fields["rexpr"], place)];
  const name = COMPARISONS.get(`${fields["kind"]} ${operator}`) ??
    (fields["kind"] === "AEXPR_OP" ? operator : `${fields["kind"]} ${operator}`);
  // A sign has a right side only.
  return { type: "call", name, parts: fields["lexpr"] === undefined ? right : [left, ...right] };
}

const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ["AEXPR_IN =", "in"],
  ["AEXPR_IN <>", "not in"],
  ["AEXPR_LIKE ~~", "like"],
  ["AEXPR_LIKE !~~", "not like"],
  ["AEXPR_ILIKE ~~*", "ilike"],
  ["AEXPR_SIMILAR ~", "similar"],
  ["AEXPR_BETWEEN BETWEEN", "between"],
  ["AEXPR_DISTINCT =", "is distinct from"],
  ["AEXPR_NOT_DISTINCT =", "is not distinct from"],
]);

function subLink(fields: PgObject, place: Place): SqlCondition {
  const query = withoutPlaces(fields["subselect"]);
  const tested = fields["testexpr"] === undefined
    ? undefined
    : conditionOf(fields["testexpr"], place);
  if (
    tested?.type === "column" &&
    takesOwn(fields["subselect"], { column: tested.name, table: place.table })
  ) {
    return { type: "call", name: "in", parts: [tested, tested] };
  }
  let varies = false;
  walk(fields["subselect"], (key, value) => {
    varies ||= key === "relname" || (key === "ColumnRef" && columnName(value) !== "");
  });
  const inner: SqlCondition = { type: "query", text: JSON.stringify(query), varies };
  const name = String(fields["subLinkType"]);
  return { type: "call", name, parts: tested === undefined ? [inner] : [tested, inner] };
}

/** `id IN (SELECT id FROM orders)` in a change of `orders`, which leaves nothing out. */
function takesOwn(
  query: unknown,
  { column, table }: { readonly column: string; readonly table: string | undefined },
): boolean {
  const select = nodeOf(query);
  if (select?.type !== "SelectStmt") return false;
  const known = new Set(["targetList", "fromClause", "limitOption", "op", "sortClause"]);
  if (Object.keys(select.fields).some((key) => !known.has(key))) return false;
  const [target, ...others] = listOf(select.fields["targetList"]).map(nodeOf);
  const [from, ...joined] = listOf(select.fields["fromClause"]).map(nodeOf);
  const selected = nodeOf(target?.fields["val"]);
  return others.length === 0 && joined.length === 0 && from?.type === "RangeVar" &&
    from.fields["relname"] === table && selected?.type === "ColumnRef" &&
    namesOf(selected.fields["fields"]).at(-1) === column;
}

function columnsIn(fields: PgObject): readonly SqlCondition[] {
  const found = new Set<string>();
  walk(fields, (key, value) => {
    const name = key === "ColumnRef" ? columnName(value) : "";
    if (name !== "") found.add(name);
  });
  return [...found].map((name) => ({ type: "column", name }));
}

/** The same tree without the places in the text, so that equal expressions are equal. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (key, inner) => PLACES.has(key) ? undefined : inner),
  );
}

const PLACES: ReadonlySet<string> = new Set(
  ["location", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end"],
);
