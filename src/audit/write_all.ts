/**
 * Writes bytes to the last one.
 * @module
 */

/**
 * Calls `write` until it took all bytes.
 *
 * @throws Whatever `write` throws, and an error when it takes none.
 */
export function writeAll(write: (bytes: Uint8Array) => number, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) {
    const written = write(rest);
    if (written <= 0) throw new Error("no byte was taken");
    if (written === rest.length) return;
    rest = rest.subarray(written);
  }
}
