/**
 * Directories and lines for tests.
 * @module
 */

/** Runs a test in a directory of its own. */
export async function withDirectory(test: (path: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "aegis-audit-" });
  try {
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The lines of a file; its last must be whole. */
export function linesOf(path: string): string[] {
  const lines = Deno.readTextFileSync(path).split("\n");
  if (lines.pop() !== "") throw new Error(`${path} does not end with a newline`);
  return lines;
}

/** Writes lines, each with its newline. */
export function writeLines(path: string, lines: readonly string[]): void {
  Deno.writeTextFileSync(path, lines.map((line) => `${line}\n`).join(""));
}
