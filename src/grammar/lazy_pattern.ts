/**
 * Patterns that are made when they are first needed.
 * @module
 */

/** Tells whether a text matches. */
export interface LazyPattern {
  test(text: string): boolean;
}

/**
 * Puts off the making of a pattern. One that names scripts or properties of Unicode costs V8 up to a
 * millisecond to make, and plain ASCII needs none of them.
 */
export function lazyPattern(make: () => RegExp): LazyPattern {
  let made: RegExp | undefined;
  return { test: (text) => (made ??= make()).test(text) };
}
