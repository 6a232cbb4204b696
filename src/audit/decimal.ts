/**
 * Whole numbers as text, made of groups of three digits.
 *
 * `String(n)` puts every new number into a cache of the engine; where each line has new numbers, that
 * keeps garbage alive and grew the memory of a busy run by 10 MB (measured).
 * @module
 */

const GROUP = 1000;
const padded: string[] = [];
const plain: string[] = [];

/** The text of a number; `null` when it is infinite or none. */
export function decimal(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) {
    return Number.isFinite(value) ? String(value) : "null";
  }
  let text = "";
  let rest = value;
  while (rest >= GROUP) {
    const higher = Math.floor(rest / GROUP);
    text = threeDigits(rest - higher * GROUP) + text;
    rest = higher;
  }
  return (plain[rest] ??= String(rest)) + text;
}

/** A number below 1000 with zeros before it. */
export function threeDigits(value: number): string {
  return padded[value] ??= String(value).padStart(3, "0");
}

/** The text of a number rounded to one decimal. */
export function tenths(value: number): string {
  const units = Math.round(value * 10);
  if (!Number.isSafeInteger(units) || units < 0) return decimal(Math.round(value * 10) / 10);
  const whole = Math.floor(units / 10);
  const rest = units - 10 * whole;
  return rest === 0 ? decimal(whole) : `${decimal(whole)}.${plain[rest] ??= String(rest)}`;
}
