/**
 * Judges `find`, `xargs` and `env`: programs that put together the command line of another one.
 * @module
 */

import { printedWords } from "../../../grammar/bash_output.ts";
import {
  type BashWord,
  frontText,
  staticText,
  textWord,
  type WordPart,
} from "../../../grammar/bash_facts.ts";
import type { LineItem } from "../../../grammar/program_line.ts";
import { cutFront } from "../../../grammar/program_line.ts";
import { lineOf } from "../../../grammar/programs.ts";
import { type FindLine, readFind } from "../../../grammar/programs/find.ts";
import type { Objection } from "../../objection.ts";
import { judgeVariable, splitSetting } from "./assignments.ts";
import { type Context, judgeChange, judgeRead, judgeWhole } from "./context.ts";
import { firstOf } from "./programs.ts";
import { refusal } from "./refusals.ts";
import { places, render } from "./words.ts";

/** Words that one `xargs` is followed with. */
const MAX_FED = 64;
/** Names and actions of one `find`, times the folders it starts from. */
const MAX_SEARCHES = 512;
const UNKNOWN: WordPart = { kind: "computed", quoted: true };

/** Judges what follows the word `find`. */
export function judgeFind(words: readonly BashWord[], context: Context): Objection | undefined {
  const line = readFind(words);
  const runs = line.actions.some((action) => action.kind === "run");
  if (line.roots.length * (line.names.length + line.actions.length) > MAX_SEARCHES) {
    return refusal("command-too-complex");
  }
  return firstOf([...line.roots, ...line.files], (word) => judgeRead(word, context)) ??
    firstOf(line.roots, (root) =>
      firstOf(line.names, (name) => {
        const named = context.sensitive.asksFor(name, root, context.at) ||
          (runs && (context.sensitive.mayMeet(name, root, context.at) ||
            context.sensitive.meetsBelow(name, root, context.at)));
        return named ? refusal("command-sensitive") : undefined;
      })) ??
    firstOf(line.actions, (action) => {
      switch (action.kind) {
        case "write":
          return judgeChange(action.target, context);
        case "delete":
          return firstOf(
            line.roots,
            (root) =>
              (line.selective ? undefined : judgeWhole(root, context)) ??
                judgeChange(below(root), context, "command-delete-outside"),
          );
        case "run":
          return judgeRun(action.words, line, context);
      }
    });
}

function judgeRun(
  words: readonly BashWord[],
  line: FindLine,
  context: Context,
): Objection | undefined {
  return firstOf(line.roots, (root) => {
    const found = line.selective ? [below(root)] : [root, below(root)];
    return firstOf(
      found,
      (word) =>
        context.referee.argv(words.map((each) => fill(each, "{}", word)), {
          ...context,
          input: { kind: "inherited" },
        }),
    );
  });
}

function below(root: BashWord): BashWord {
  // A pattern and not only an unknown: all that lies there, not what may turn out to lie elsewhere.
  return [...root, { kind: "text", text: "/" }, { kind: "glob", text: "*" }, UNKNOWN];
}

/** Puts a word where a mark stands; behind other text it can be the end of any name. */
function fill(word: BashWord, mark: string, by: BashWord): BashWord {
  if (mark === "") return word;
  return word.flatMap((part, place): BashWord => {
    if (part.kind !== "text" || !part.text.includes(mark)) return [part];
    const whole = place === 0 && part.text.startsWith(mark);
    return part.text.split(mark).flatMap((piece, index) => [
      ...(index > 0 ? (whole && index === 1 ? by : [UNKNOWN]) : []),
      ...textWord(piece),
    ]);
  });
}

/** Judges what follows the word `xargs`. */
export function judgeXargs(words: readonly BashWord[], context: Context): Objection | undefined {
  const line = lineOf("xargs", words);
  if (line === undefined) return refusal("command-too-complex");
  const options = line.items.filter((item) => item.role !== "argv");
  const refused = firstOf(
    options.filter((item) => item.role === "file"),
    (item) => judgeRead(item.value, context),
  );
  if (refused !== undefined) return refused;
  const run = line.items.find((item) => item.role === "argv");
  const { input } = context;
  const known = input.kind === "pipe"
    ? printedWords(input.stage).slice(0, MAX_FED)
    : input.kind === "text"
    ? [input.text]
    : [];
  const fed: readonly BashWord[] = known.length > 0 ? known : [[UNKNOWN]];
  if (run === undefined) return undefined;
  const argv = [run.value, ...run.rest];
  // What the program itself reads is no longer what was piped to xargs.
  const inner: Context = { ...context, input: { kind: "inherited" } };
  const mark = markOf(options);
  if (mark === undefined) return context.referee.argv([...argv, ...fed], inner);
  return firstOf(
    fed,
    (word) => context.referee.argv(argv.map((each) => fill(each, mark, word)), inner),
  );
}

/** What `-I`, `-i` or `--replace` names. */
function markOf(options: readonly LineItem[]): string | undefined {
  for (const { option, value } of options) {
    if (option !== "-I" && option !== "-i" && option !== "--replace") continue;
    const text = staticText(value);
    return text === undefined || text === "" ? "{}" : text;
  }
  return undefined;
}

/** Judges what follows the word `env`. */
export function judgeEnv(words: readonly BashWord[], context: Context): Objection | undefined {
  let inner = context;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? [];
    const front = frontText(word);
    const next = words[at + 1] ?? [];
    if (front.startsWith("-") && front.length > 1) {
      const short = /^-[iv0]*([uCS])/.exec(front);
      if (front.startsWith("--split-string") || short?.[1] === "S") {
        const long = front.startsWith("--");
        const attached = long ? splitSetting(word).value : cutFront(word, short?.[0].length ?? 2);
        const text = attached === undefined || attached.length === 0 ? next : attached;
        const rest = words.slice(at + (text === next ? 2 : 1));
        return context.referee.text(
          [text, ...rest].flatMap((each, index) =>
            index === 0 ? each : [...textWord(" "), ...each]
          ),
          inner,
          [],
        );
      }
      if (short?.[1] === "C" || front.startsWith("--chdir")) {
        const attached = front.startsWith("--")
          ? splitSetting(word).value ?? next
          : cutFront(word, short?.[0].length ?? 2);
        const folder = attached.length === 0 ? next : attached;
        const folders = places(render(folder, inner.at), inner.at);
        inner = {
          ...inner,
          at: { ...inner.at, folders: folders.length > 0 ? folders : [undefined] },
        };
        if (folder === next) at++;
      } else if (
        front === "-u" || front === "--unset" || short?.[0] === front && short[1] === "u"
      ) {
        at++;
      }
      continue;
    }
    const setting = /^[A-Za-z_][A-Za-z0-9_.-]*=/.test(front);
    if (setting) {
      const { name, value } = splitSetting(word);
      const refused = judgeVariable(name, value ?? [], inner);
      if (refused !== undefined) return refused;
      continue;
    }
    return context.referee.argv(words.slice(at), inner);
  }
  return undefined;
}
