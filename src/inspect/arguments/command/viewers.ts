/**
 * Pagers and editors that may be named where a program is told which one to use.
 * @module
 */

const HARMLESS = new Set([
  ...[
    "",
    "cat",
    "less",
    "more",
    "true",
    ":",
    "vi",
    "vim",
    "nvim",
    "nano",
    "emacs",
    "code",
    "micro",
  ],
  ...["head", "tail", "ed", "subl", "gedit", "kate", "vimdiff", "meld"],
]);

/** Whether a value names such a program, with nothing but plain options behind it. */
export function isViewer(value: string): boolean {
  const [name = "", ...options] = value.split(" ");
  return HARMLESS.has(name) && options.every((option) => /^-[A-Za-z-]*$/.test(option));
}
