/**
 * A terminal that remembers what was written to it.
 * @module
 */

import type { Io } from "../../src/cli/io.ts";

/** What was written, and what colours and variables there are. */
export interface FakeIo extends Io {
  readonly written: { out: string; err: string };
}

/** Makes one. */
export function fakeIo(
  { colours = false, variables = {} }: {
    readonly colours?: boolean;
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): FakeIo {
  const written = { out: "", err: "" };
  return {
    written,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    colour: () => colours,
    limitVariables: () => variables,
  };
}
