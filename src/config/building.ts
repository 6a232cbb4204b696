/**
 * What the builders of `aegis.yaml` share.
 * @module
 */

import type { Result } from "../base/result.ts";
import { besides } from "../yaml/file.ts";
import { textOf, type YamlNode } from "../yaml/node.ts";
import type { Problems } from "../yaml/problems.ts";

/** Gives the words of a command, or why there are none. */
export type SplitWords = (text: string) => Result<readonly string[], { readonly message: string }>;

/** What is needed to build. */
export interface Building {
  readonly problems: Problems;
  readonly split: SplitWords;
}

/** A path in the file, seen from where we are. */
export function pathIn(file: string, node: YamlNode | undefined): string | undefined {
  const path = textOf(node);
  return path === undefined ? undefined : besides(file, path);
}

/** The word of a closed set that a value is. */
export function oneOf<T extends string>(
  words: readonly T[],
  node: YamlNode | undefined,
): T | undefined {
  const text = textOf(node);
  return words.find((word) => word === text);
}
