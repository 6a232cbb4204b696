/**
 * Whether a word names something that may not be named: literally, from the folder the command is
 * in, or by a pattern that matches it.
 * @module
 */

import { type BashWord, staticText } from "../../../grammar/bash_facts.ts";
import { absolute, ANY, ONE, OPEN, places, render, type Surroundings, within } from "./words.ts";

/** A folder that is not known, and that no entry names. */
const ELSEWHERE = "\uE003";

/** One entry of the operator's list. */
interface Secret {
  /** Segments, with the marks of `words.ts` for `*` and `?`. */
  readonly segments: readonly string[];
  /** ``**` and a name: in any folder. */
  readonly anywhere: boolean;
  /** The path or name itself, when it holds no `*` and `?`. */
  readonly literal: string | undefined;
  /** What follows `~/`, for words whose front is not known. */
  readonly inHome: readonly string[];
}

/** The operator's list, ready to compare. */
export class Sensitive {
  readonly #secrets: readonly Secret[];
  /** By where the command stands: what its words name. Long lines say the same words again and again. */
  readonly #known = new WeakMap<Surroundings, Map<string, boolean>>();

  constructor(entries: readonly string[], home: string | undefined) {
    this.#secrets = entries.map((entry) => readEntry(entry, home));
  }

  /** Whether a word, or a part of it behind `=`, `:`, `@` or `,`, names an entry. */
  names(word: BashWord, at: Surroundings): boolean {
    if (this.#secrets.length === 0) return false;
    const text = render(word, at);
    const known = this.#known.get(at) ?? new Map<string, boolean>();
    this.#known.set(at, known);
    const before = known.get(text);
    if (before !== undefined) return before;
    const named = this.#namesText(text, at);
    known.set(text, named);
    return named;
  }

  #namesText(text: string, at: Surroundings): boolean {
    if (/^[A-Za-z0-9_+-]*$/.test(text)) return this.#namesPath(text, at);
    if (/^(?:!|:!|:\^|:\(exclude\))/.test(text)) return false;
    const url = text.indexOf("://");
    if (url > 0) {
      return text.slice(0, url).endsWith("file") && this.#namesPath(text.slice(url + 3), at);
    }
    if (this.#namesPath(text, at)) return true;
    // A variable that is not set leaves nothing behind: `/etc/pass${x}wd`.
    if (text.includes(OPEN) && !text.startsWith(OPEN)) {
      if (this.#namesPath(text.replaceAll(OPEN, ""), at)) return true;
    }
    const pieces = new Set(text.split(/[=:@,]/));
    return !pieces.has(text) && [...pieces].some((piece) => this.#namesPath(piece, at));
  }

  /** Whether a search by this name, from this folder, asks for an entry and for nothing else. */
  asksFor(name: BashWord, root: BashWord, at: Surroundings): boolean {
    // What the pattern leaves open is taken as one character that only the entry's own `*` fits.
    const asked = render(name, at).replace(/[*?[]/g, OPEN);
    return places(`${render(root, at)}/${asked}`, at)
      .some((place) => this.#matches(place.split("/").slice(1), false));
  }

  /** Whether a search by this pattern may meet an entry, and is not one for nearly anything. */
  mayMeet(name: BashWord, root: BashWord, at: Surroundings): boolean {
    const asked = render(name, at).replaceAll("*", ANY).replaceAll("?", ONE);
    return places(`${render(root, at)}/${asked}`, at)
      .some((place) => this.#matches(place.split("/").slice(1), true));
  }

  /** Whether a search by this name, from this folder, finds an entry that lies deeper down. */
  meetsBelow(name: BashWord, root: BashWord, at: Surroundings): boolean {
    const asked = staticText(name);
    return asked !== undefined &&
      places(render(root, at), at).some((place) =>
        this.#secrets.some(({ literal, anywhere }) =>
          !anywhere && literal !== undefined && within(literal, place) &&
          literal.endsWith(`/${asked}`)
        )
      );
  }

  #namesPath(path: string, at: Surroundings): boolean {
    if (path === "") return false;
    if (isPlainName(path)) {
      return at.folders.some((folder) =>
        this.#namesPlace(folder === undefined || folder === "/" ? `/${path}` : `${folder}/${path}`)
      );
    }
    const known = places(path, at);
    // From an unknown folder, and behind an unknown front, only the last names can be compared.
    const all = known.length > 0 ? known : [absolute(path.replace(OPEN, ELSEWHERE), "/")];
    return all.some((place) => this.#namesPlace(place)) ||
      (path.startsWith(`${OPEN}/`) && this.#namesInHome(path.split("/").slice(1)));
  }

  /** `$dir/.ssh/config`, where the folder may be a home. */
  #namesInHome(path: readonly string[]): boolean {
    return this.#secrets.some(({ inHome }) =>
      inHome.length > 0 && inHome.every((segment, index) => path[index] === segment)
    );
  }

  #namesPlace(place: string): boolean {
    if (holdsMarks(place)) return this.#matches(place.split("/").slice(1), false);
    const last = place.slice(place.lastIndexOf("/") + 1);
    return this.#secrets.some((secret) => {
      const { literal, segments, anywhere } = secret;
      if (anywhere && segments.length === 1) {
        return literal === undefined ? intersects(last, segments[0] ?? "") : last === literal;
      }
      return !anywhere && literal !== undefined
        ? place === literal || place.startsWith(`${literal}/`)
        : this.#matchesOne(secret, place.split("/").slice(1), false);
    });
  }

  #matches(path: readonly string[], dots: boolean): boolean {
    return this.#secrets.some((secret) => this.#matchesOne(secret, path, dots));
  }

  #matchesOne({ segments, anywhere }: Secret, path: readonly string[], dots: boolean): boolean {
    if (!anywhere) {
      return segments.length <= path.length &&
        segments.every((segment, index) =>
          meets(path[index] ?? "", segment, {
            dots,
            least: index === segments.length - 1 && path.length === segments.length ? 1 : 0,
            fixed: 0,
            inner: index < segments.length - 1,
          })
        );
    }
    const from = path.length - segments.length;
    return from >= 0 &&
      segments.every((segment, index) =>
        meets(path[from + index] ?? "", segment, { dots, least: 2, fixed: 1, inner: false })
      );
  }
}

/** One name without anything that a path, a mark or `.` would need a second look for. */
function isPlainName(path: string): boolean {
  return !path.includes("/") && path !== "." && path !== ".." && path !== "~" && !holdsMarks(path);
}

function holdsMarks(text: string): boolean {
  return text.includes(ANY) || text.includes(ONE) || text.includes(OPEN);
}

function readEntry(entry: string, home: string | undefined): Secret {
  const anywhere = entry.startsWith("**/");
  const path = anywhere
    ? entry.slice(3)
    : entry.startsWith("~/")
    ? `${home ?? "/home/~"}${entry.slice(1)}`
    : entry;
  const marked = path.replaceAll("*", ANY).replaceAll("?", ONE);
  return {
    segments: marked.split("/").filter((segment) => segment !== ""),
    anywhere: anywhere || !path.startsWith("/"),
    inHome: entry.startsWith("~/") ? entry.slice(2).split("/").filter((each) => each !== "") : [],
    literal: holdsMarks(marked) ? undefined : marked.replace(/\/$/, ""),
  };
}

/**
 * Whether some name fits both. A pattern that says nearly nothing (`*`, `.*`) meets no entry: whoever
 * lists a folder does not name what lies in it.
 */
function meets(
  given: string,
  entry: string,
  how: {
    /** Whether `*` fits a leading dot. */
    readonly dots: boolean;
    /** Characters that must be given, with a `*`; and without one. */
    readonly least: number;
    readonly fixed: number;
    /** Whether more of the entry follows, so that a name known only at run time may stand here. */
    readonly inner: boolean;
  },
): boolean {
  // No file system has longer names.
  if (given.length > 1024) return false;
  if (given === OPEN && !entry.includes(ANY)) return how.inner;
  const open = given.includes(ANY) || given.includes(ONE);
  if (open) {
    if (!how.dots && entry.startsWith(".") && !given.startsWith(".")) return false;
    const said = [...given].filter((char) => char !== ANY && char !== OPEN && char !== ONE).length;
    const wide = given.includes(ANY);
    if (said < (wide ? how.least : how.fixed)) return false;
    if (wide && how.least > 0 && said === 1 && given.startsWith(".")) return false;
  }
  // Two patterns: `*.pe?` is as narrow as `*.pem`, `*s` may be anything.
  return intersects(entry.includes(ANY) ? given.replaceAll(ANY, OPEN) : given, entry);
}

/** Whether two patterns have a name in common; takes the product of their lengths. */
function intersects(left: string, right: string): boolean {
  // reach[j]: some name fits all of `left` so far and the first j characters of `right`.
  let reach: boolean[] = [true];
  for (let j = 1; j <= right.length; j++) reach[j] = reach[j - 1] === true && right[j - 1] === ANY;
  for (const char of left) {
    const next: boolean[] = [char === ANY && reach[0] === true];
    for (let j = 1; j <= right.length; j++) {
      const other = right[j - 1];
      if (char === ANY) next[j] = reach[j] === true || next[j - 1] === true;
      else if (other === ANY) next[j] = reach[j] === true || next[j - 1] === true;
      else next[j] = reach[j - 1] === true && fits(char, other);
    }
    reach = next;
  }
  return reach[right.length] === true;
}

function fits(left: string, right: string | undefined): boolean {
  if (left === OPEN) return right === ONE;
  return left === right || left === ONE || right === ONE;
}
