/**
 * Numbers as operators write them: sizes, seconds, yes and no.
 * @module
 */

const SIZE = /^([0-9]{1,13})(?:\.([0-9]{1,3}))? ?(B|KB|MB|GB|KIB|MIB|GIB)?$/i;
const SECONDS = /^([0-9]{1,9})(?:\.([0-9]{1,3}))?$/;
const WHOLE = /^[0-9]{1,15}$/;

const BYTES_IN: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["KB", 1_000],
  ["MB", 1_000_000],
  ["GB", 1_000_000_000],
  ["KIB", 2 ** 10],
  ["MIB", 2 ** 20],
  ["GIB", 2 ** 30],
]);

/** Reads `4096`, `10MB` (powers of 1000) or `1.5 GiB` (powers of 1024) as bytes. */
export function parseBytes(text: string): number | undefined {
  const [matched, whole, fraction, unit = "B"] = SIZE.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const size = BYTES_IN.get(unit.toUpperCase()) ?? NaN;
  return wholeNumber(thousandths(whole, fraction) * size / 1000);
}

/** Reads seconds, with up to three decimals, as milliseconds. */
export function parseSeconds(text: string): number | undefined {
  const [matched, whole, fraction = ""] = SECONDS.exec(text) ?? [];
  return matched === undefined ? undefined : Number(whole) * 1000 + Number(fraction.padEnd(3, "0"));
}

/** Reads `true` and `1` as 1, `false` and `0` as 0. */
export function parseBoolean(text: string): number | undefined {
  switch (text.toLowerCase()) {
    case "true":
    case "1":
      return 1;
    case "false":
    case "0":
      return 0;
    default:
      return undefined;
  }
}

/** Reads a whole number without sign. */
export function parseWhole(text: string): number | undefined {
  return WHOLE.test(text) ? wholeNumber(Number(text)) : undefined;
}

/** Prints bytes with the largest unit that divides them: `100MB`, `64KiB`, `1500`. */
export function formatBytes(bytes: number): string {
  for (const unit of ["GB", "MB", "GiB", "MiB", "KB", "KiB"]) {
    const size = BYTES_IN.get(unit.toUpperCase()) ?? 1;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}

/** A decimal number times 1000, without the rounding of a binary fraction. */
function thousandths(whole = "", fraction = ""): number {
  return Number(whole) * 1000 + Number(fraction.padEnd(3, "0"));
}

function wholeNumber(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}
