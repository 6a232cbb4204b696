/**
 * Rules about the text of one file. They read lines, and rely on `deno fmt`, which starts every
 * top-level statement in the first column.
 * @module
 */

import type { SourceFile } from "./source_tree.ts";
import { CLEARED, FILE_RULES } from "./table.ts";
import type { Rule, Violation } from "./violation.ts";

/** Everything that is wrong with the text and the name of one file. */
export function checkSource(file: SourceFile): readonly Violation[] {
  return [
    ...nameAndSize(file),
    ...linePatterns(file),
    ...nodeGlobals(file),
    ...tooManyExports(file),
    ...clearedMade(file),
  ];
}

function nameAndSize({ path, text }: SourceFile): readonly Violation[] {
  const found: Violation[] = [];
  const words = path.replace(/\.[cm]?[jt]sx?$/, "").split(/[/_]/);
  const empty = words.find((word) => FILE_RULES.emptyNames.some((name) => name === word));
  if (empty !== undefined) {
    found.push({ rule: "name", path, line: 1, message: `"${empty}" names no concept` });
  }
  const file = path.split("/").at(-1) ?? "";
  if (!/^[a-z0-9]+(_[a-z0-9]+)*\.ts$/.test(file)) {
    found.push({ rule: "name", path, line: 1, message: `"${file}" is not snake_case.ts` });
  }
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines > FILE_RULES.maxLines) {
    const message = `${lines} lines, ${FILE_RULES.maxLines} at most: split it by concept`;
    found.push({ rule: "lines", path, line: FILE_RULES.maxLines + 1, message });
  }
  return found;
}

const FORBIDDEN_LINES: readonly {
  readonly rule: Rule;
  readonly pattern: RegExp;
  readonly message: string;
}[] = [
  { rule: "export *", pattern: /^export \*/, message: "name what is exported" },
  {
    rule: "default export",
    pattern: /^export default\b|^export \{[^}]*\bas default\b|^ {2}(?:\w+ as )?default,?$/,
    message: "named exports only",
  },
  {
    rule: "hidden import",
    pattern: /(?<![\w.$"`'])import\((?!\s*(?:"[^"]*"|$))/,
    message: "a dynamic import takes a literal, so that the module graph and the bundle see it",
  },
  {
    rule: "console",
    pattern: /(?<![\w.$"`'])console\./,
    message: "stdout belongs to the protocol, notes go through base/log.ts",
  },
];

function linePatterns({ path, text }: SourceFile): readonly Violation[] {
  const found: Violation[] = [];
  for (const [index, line] of codeLines(text).entries()) {
    for (const { rule, pattern, message } of FORBIDDEN_LINES) {
      if (pattern.test(line)) found.push({ rule, path, line: index + 1, message });
    }
  }
  return found;
}

/** Uses of `process` and `Buffer` in a file that declares no name like that itself. */
function nodeGlobals({ path, text }: SourceFile): readonly Violation[] {
  const own = /\b(?:const|let|var|function|class) (?:process|Buffer)\b|\b(?:process|Buffer)[?]?:/;
  const use = own.test(text)
    ? /\bglobalThis\.(?:process|Buffer)\b/
    : /(?<![\w.$"`'])(?:process|Buffer)\.|\bglobalThis\.(?:process|Buffer)\b/;
  const message = "the first touch of a Node global costs 5 to 25 ms: use Deno and web APIs";
  return codeLines(text).flatMap((line, index) =>
    use.test(line) ? [{ rule: "start" as const, path, line: index + 1, message }] : []
  );
}

/** The lines with comments emptied; good enough for text that `deno fmt` wrote. */
function codeLines(text: string): readonly string[] {
  let inBlock = false;
  return text.split("\n").map((line) => {
    const trimmed = line.trimStart();
    if (inBlock || trimmed.startsWith("/*")) {
      inBlock = !line.includes("*/");
      return "";
    }
    return trimmed.startsWith("//") ? "" : line;
  });
}

function tooManyExports({ path, text }: SourceFile): readonly Violation[] {
  if (path === "mod.ts" || Object.hasOwn(FILE_RULES.moreExports, path)) return [];
  const count = valueExports(codeLines(text).join("\n"));
  if (count <= FILE_RULES.maxValueExports) return [];
  const message = `${count} exported values, ${FILE_RULES.maxValueExports} at most`;
  return [{ rule: "exports", path, line: 1, message }];
}

function valueExports(code: string): number {
  const declared = code.match(
    /^export (?:declare )?(?:abstract )?(?:async )?(?:function|class|const|let|var|enum)\b/gm,
  );
  let count = declared?.length ?? 0;
  for (const [, names = ""] of code.matchAll(/^export \{([^}]*)\}/gm)) {
    const values = names.split(",").map((name) => name.trim());
    count += values.filter((name) => name !== "" && !name.startsWith("type ")).length;
  }
  return count;
}

// INVARIANT: Only gateway/clear.ts makes Cleared; only Cleared can be sent.
function clearedMade({ path, text }: SourceFile): readonly Violation[] {
  const { file, type } = CLEARED;
  if (path === file) {
    return codeLines(text).flatMap((line, index) =>
      /^export (?:abstract )?class\b/.test(line)
        ? [{
          rule: "cleared" as const,
          path,
          line: index + 1,
          message: `the class behind ${type} stays private to ${file}`,
        }]
        : []
    );
  }
  const made = new RegExp(
    `\\bas (?:unknown as )?${type}\\b|<${type}>\\s*[({\\w]|\\bnew ${type}\\w*\\(`,
  );
  const passedOn = /^export \{[^}]*\} from "[./a-z_]*\bclear\.ts"/;
  return codeLines(text).flatMap((line, index) =>
    made.test(line) || passedOn.test(line)
      ? [{ rule: "cleared" as const, path, line: index + 1, message: `only ${file} makes ${type}` }]
      : []
  );
}
