/**
 * Which folder each command of a script is in, as far as its own `cd`s say.
 * @module
 */

import {
  type BashChain,
  type BashCommand,
  type BashScope,
  frontText,
  staticText,
} from "../../../grammar/bash_facts.ts";
import type { BashValues } from "../../../grammar/bash_values.ts";
import { places, render, type Surroundings } from "./words.ts";

type Folders = Surroundings["folders"];

/** Folders that a command may be in. */
const MAX_FOLDERS = 4;

/** A folder with a longer name is as good as an unknown one. */
const MAX_PATH_CHARS = 1024;

/** What is known of one process. */
interface Standing {
  readonly folders: Folders;
  /** Where it still is when a `cd` of this chain has failed; it counts once the chain is over. */
  readonly left: Folders;
  readonly chain: BashChain;
}

/** Follows the commands of one script in their order. */
export class FolderTrack {
  readonly #standing = new Map<BashScope, Standing>();
  readonly #outer: Surroundings;
  readonly #isOutside: (folder: string) => boolean;

  /** `isOutside` says where a command must not be left behind unseen. */
  constructor(outer: Surroundings, isOutside: (folder: string) => boolean) {
    this.#outer = outer;
    this.#isOutside = isOutside;
  }

  /** Where a command is. */
  before(command: BashCommand): Surroundings {
    for (let at: BashScope | undefined = command.scope; at !== undefined; at = at.parent) {
      const known = this.#standing.get(at);
      if (known === undefined) continue;
      const folders = known.chain === command.chain
        ? known.folders
        : united(known.folders, known.left);
      return { ...this.#outer, folders };
    }
    return this.#outer;
  }

  /** Takes note of a command that changes the folder. */
  after(command: BashCommand, values: BashValues): void {
    const name = staticText(command.words[0] ?? []);
    if (name !== "cd" && name !== "pushd") return;
    const at = this.before(command);
    const words = values.variants(command.words.slice(1)).lines.flat();
    const target = words.find((word) => !/^-[LPe@n]+$|^--$/.test(frontText(word)));
    const text = render(target ?? [{ kind: "home", user: "" }], at);
    if (text === "-" || text === "") return;
    const moved = places(text, at).filter((folder) => folder.length <= MAX_PATH_CHARS);
    const reached: Folders = moved.length === 0 ? [undefined] : moved;
    const stayed = at.folders.filter((folder) => folder !== undefined && this.#isOutside(folder));
    const known = this.#standing.get(command.scope);
    const before = known?.chain === command.chain ? known.left : [];
    this.#standing.set(command.scope, {
      folders: command.guards ? reached : united(reached, stayed),
      left: command.guards ? united(before, stayed) : before,
      chain: command.chain,
    });
  }
}

/** The last ones are kept: what was left counts at least as much as what was reached. */
function united(reached: Folders, left: Folders): Folders {
  return [...new Set([...reached, ...left])].slice(-MAX_FOLDERS);
}
