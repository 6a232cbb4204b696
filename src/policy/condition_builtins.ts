/**
 * The part of CEL's own functions that conditions may call, as data for the checker, the documents
 * and `explain`. What is not listed is refused: some of the library's functions cost more than their
 * operands (`matches`), build without bound (`cel.bind`), or answer wrongly (`getDayOfYear` where the
 * process has summer time).
 * @module
 */

/** One function, method or macro of CEL. */
export interface Builtin {
  /** As CEL declares it; what stands before the dot is the receiver. */
  readonly signature: string;
  /** One clause for the operator. */
  readonly summary: string;
}

/** What may be called. */
export const BUILTINS: readonly Builtin[] = [
  { signature: "has(member): bool", summary: "whether a member is there" },
  { signature: "list.all(name, bool): bool", summary: "whether a test holds for all items" },
  { signature: "list.exists(name, bool): bool", summary: "whether it holds for one at least" },
  { signature: "list.exists_one(name, bool): bool", summary: "whether it holds for just one" },
  { signature: "list.filter(name, bool): list", summary: "the items for which a test holds" },
  { signature: "list.map(name, any): list", summary: "what becomes of every item" },
  { signature: "list.map(name, bool, any): list", summary: "the same, for some items" },
  { signature: "size(any): int", summary: "items, members, or code points" },
  { signature: "any.size(): int", summary: "items, members, or code points" },
  { signature: "string.startsWith(string): bool", summary: "whether a text begins so" },
  { signature: "string.endsWith(string): bool", summary: "whether a text ends so" },
  { signature: "string.contains(string): bool", summary: "whether a text holds another" },
  { signature: "string.indexOf(string): int", summary: "where it does, or -1" },
  { signature: "string.indexOf(string, int): int", summary: "the same, from a place on" },
  { signature: "string.lastIndexOf(string): int", summary: "where it does last, or -1" },
  { signature: "string.lastIndexOf(string, int): int", summary: "the same, up to a place" },
  { signature: "string.lowerAscii(): string", summary: "in small letters" },
  { signature: "string.upperAscii(): string", summary: "in capitals" },
  { signature: "string.trim(): string", summary: "without white space around it" },
  { signature: "string.substring(int): string", summary: "the rest of a text" },
  { signature: "string.substring(int, int): string", summary: "a part of a text" },
  { signature: "string.split(string): list<string>", summary: "a text in parts" },
  { signature: "string.split(string, int): list<string>", summary: "in so many at most" },
  { signature: "list.join(): string", summary: "texts in one" },
  { signature: "list.join(string): string", summary: "the same, with something between" },
  { signature: "int(any): int", summary: "as a whole number" },
  { signature: "double(any): double", summary: "as a number with a fraction" },
  { signature: "string(any): string", summary: "as a text" },
  { signature: "bool(any): bool", summary: "as a truth" },
  { signature: "dyn(any): dyn", summary: "as something of a type not known beforehand" },
  { signature: "timestamp(any): timestamp", summary: "a moment: RFC 3339, or seconds since 1970" },
  { signature: "duration(string): duration", summary: 'a span of time: "1h30m"' },
  ...["FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "Hours", "Minutes", "Seconds"]
    .flatMap((part): readonly Builtin[] => [
      { signature: `timestamp.get${part}(): int`, summary: "of a moment, in UTC" },
      { signature: `timestamp.get${part}(string): int`, summary: "in a time zone by name" },
    ]),
];

/** Why a function that the library has cannot be called, and what to write instead. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ["matches", 'Its time can grow exponentially: use re(text, "pattern")'],
  ["bind", "Write the value out where it is used"],
  ["getDayOfYear", "Compare with timestamp(…), or use getMonth() and getDate()"],
  ["getMilliseconds", "Use getSeconds()"],
  ["json", "Arguments are parsed already: use args.name"],
]);

/** The macros that go through a list or the names of a map. */
export const LOOPS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "filter", "map"]);

/** A signature in parts. */
export interface Signature {
  readonly name: string;
  readonly isMethod: boolean;
  readonly parameters: readonly string[];
}

/** Takes a signature apart. */
export function readSignature(signature: string): Signature {
  const open = signature.indexOf("(");
  const dot = signature.lastIndexOf(".", open);
  const inside = signature.slice(open + 1, signature.indexOf(")"));
  return {
    name: signature.slice(dot + 1, open),
    isMethod: dot >= 0,
    parameters: inside === "" ? [] : inside.split(", "),
  };
}
