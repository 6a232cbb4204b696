/**
 * Arbitrary JSON texts: every spelling of strings and numbers, odd spaces, keys that clash.
 * @module
 */

import fc from "fast-check";

const space = fc.constantFrom("", "", "", " ", "\n", "\t ", "\r\n");

/** A character of a string as some writer may spell it. */
const spelled = fc.oneof(
  fc.constantFrom("a", "b", "k", "é", "€", "😀", "\u2028", "\u0085", "\u007f", "x".repeat(37)),
  fc.constantFrom('\\"', "\\\\", "\\/", "\\b", "\\n", "\\u0000", "\\u0061", "\\u00E9", "\\u20ac"),
  fc.constantFrom("\\ud83d\\ude00", "\\uD83D\\uDE00", "\\u2029", "\\u005f"),
);

const rare = fc.oneof(
  { weight: 60, arbitrary: spelled },
  { weight: 1, arbitrary: fc.constantFrom("\\ud83d", "\\ude00", "\\uD800") },
);

const string = fc.array(rare, { maxLength: 5 }).map((parts) => `"${parts.join("")}"`);

const key = fc.oneof(
  { weight: 12, arbitrary: fc.stringMatching(/^[a-z_]{1,6}$/).map((name) => `"${name}"`) },
  { weight: 4, arbitrary: string },
  { weight: 3, arbitrary: fc.constantFrom('"a"', '"\\u0061"', '"b"', '""', '"0"', '"10"', '"9"') },
  { weight: 1, arbitrary: fc.constantFrom('"constructor"', '"toString"', '"rawJSON"') },
);

const digits = fc.stringMatching(/^[0-9]{1,20}$/);

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    "0",
    "-0",
    "1.0",
    "-0.0",
    "1e2",
    "1E+2",
    "0e0",
    "1e-7",
    "0.000001",
    "1e21",
    "1e-400",
  ),
  fc.constantFrom(
    "9007199254740993",
    "123456789012345678901234567890",
    "0.1000",
    "1e308",
    "5e-324",
  ),
  fc.tuple(
    fc.constantFrom("", "-"),
    fc.bigInt({ min: 0n, max: 10n ** 24n }),
    digits,
    fc.integer({ min: -30, max: 30 }),
  )
    .map(([sign, whole, fraction, exponent]) => `${sign}${whole}.${fraction}e${exponent}`),
  fc.tuple(fc.constantFrom("", "-"), fc.bigInt({ min: 0n, max: 10n ** 17n }), digits)
    .map(([sign, whole, fraction]) => `${sign}${whole}.${fraction}`),
);

/** JSON text of any value. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.tuple(
    space,
    fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.oneof(string, number, number, fc.constantFrom("true", "false", "null")),
      fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
      fc.array(fc.tuple(space, key, space, tie("value")), { maxLength: 12 }).map((members) =>
        `{${
          members.map(([before, key, after, value]) => `${before}${key}${after}:${value}`).join(",")
        }}`
      ),
    ),
    space,
  ).map((parts) => parts.join("")),
})).value;

/** The same with one place changed: most of them are no JSON any more, some are other JSON. */
export const brokenText: fc.Arbitrary<string> = fc.tuple(
  jsonText,
  fc.nat(),
  fc.constantFrom(
    "",
    ",",
    ":",
    '"',
    "{",
    "}",
    "[",
    "]",
    "\\",
    "0",
    "1.0",
    "-",
    "e",
    ".",
    "n",
    " ",
    "\u0001",
    "u",
    "a",
  ),
  fc.nat({ max: 2 }),
).map(([text, place, inserted, removed]) => {
  const at = place % (text.length + 1);
  return (text.slice(0, at) + inserted + text.slice(at + removed)).toWellFormed();
});
