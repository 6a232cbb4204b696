/**
 * Checks the lines of one chain, in the order of its files.
 * @module
 */

import { type ChainEnd, type Continues, NO_HASH } from "./chain_writer.ts";
import { sha256Hex } from "./digest.ts";
import { MAX_LINE_BYTES } from "./line.ts";
import type { Seal } from "./seal.ts";
import { isTornLine, readLine, type StoredLine } from "./stored_line.ts";
import type { AuditProblem, ProblemCode } from "./verify_report.ts";

/** Options of {@linkcode ChainCheck}. */
export interface ChainCheckOptions {
  /** Recomputes hashes; without it only the links between lines are checked. */
  readonly seal: Seal | undefined;
  readonly report: (problem: AuditProblem) => void;
  /** Told of every line in its place. */
  readonly good: (hash: string) => void;
}

/** How a file of the chain is entered. */
export interface FileStart {
  readonly file: string;
  /** False when files before it are missing: its first line is taken as it is. */
  readonly follows: boolean;
}

const MAX_TORN_BYTES = 2 * MAX_LINE_BYTES;
/** Problems held back; an end that a crash tore has few lines. */
const MAX_HELD = 1000;
const MAX_OTHERS = 8;
const NEWLINE = new Uint8Array([0x0a]);
const ROGUE = "Keep the file as it is, compare it with a copy, and find out who could write it";
const REPLACED = "This line was written behind another one than it stands behind: " +
  "that one was replaced, or this one put in";
const TORN = {
  severity: "warning",
  hint: "Nothing, if the program or the machine stopped then: the message was not sent on",
} as const;

/** Follows the lines of a chain. */
export class ChainCheck {
  readonly #options: ChainCheckOptions;
  #file = "";
  #line = 0;
  /** The end of the lines in place; undefined when the next line may be any. */
  #end: ChainEnd | undefined = { seq: 0, hash: NO_HASH };
  /** Ends that the next line may follow too, because what stands between was reported already. */
  #others: readonly ChainEnd[] = [];
  /** Lines since the last one in place that were none or were edited. */
  #bad = 0;
  /** What was found since the last line in place, and the bytes of it. */
  #held: AuditProblem[] = [];
  #heldBytes: Uint8Array[] = [];
  #heldLength = 0;
  #lines = 0;
  #sound = 0;
  #unsound = 0;

  constructor(options: ChainCheckOptions) {
    this.#options = options;
  }

  /** Lines in their place. */
  get lines(): number {
    return this.#lines;
  }

  /** The hash of the last line in its place. */
  get head(): string {
    return this.#end?.hash ?? NO_HASH;
  }

  /** Lines whose hash was right, and those whose was not. */
  get hashes(): { readonly sound: number; readonly unsound: number } {
    return { sound: this.#sound, unsound: this.#unsound };
  }

  /** Goes on with the next file. */
  start({ file, follows }: FileStart): void {
    this.#file = file;
    this.#line = 0;
    if (!follows) [this.#end, this.#others] = [undefined, []];
  }

  /** Checks a line. */
  line(bytes: Uint8Array): void {
    this.#line++;
    const line = readLine(bytes);
    if (line === undefined) {
      this.#notALine("This is no audit line");
      this.#holdLine(bytes);
    } else if (!this.#isSound(line)) {
      this.#edited(line);
      this.#holdLine(bytes);
    } else this.#place(line);
  }

  /** Reports a line that is longer than any audit line. */
  longLine(start: Uint8Array): void {
    this.#line++;
    this.#notALine(`This line is longer than the ${MAX_LINE_BYTES} bytes of an audit line`);
    this.#holdBytes(start);
    this.#heldLength = Infinity;
  }

  /**
   * Ends a file: `rest` stands behind its last newline, `next` is what the next file says of it
   * (undefined for the last file: nobody has gone on yet).
   */
  end(rest: Uint8Array, next: { readonly torn: Continues["torn"] } | undefined): void {
    const wasInPlace = this.#held.length === 0;
    if (rest.length > 0) {
      this.#line++;
      this.#holdBytes(rest);
    }
    if (next?.torn !== undefined && this.#isTorn(next.torn)) {
      [this.#held, this.#others, this.#bad] = [[], [], 0];
      this.#report("torn", "A line was cut off here, and the next file says so", TORN);
    } else if (rest.length > 0) {
      if (next === undefined && wasInPlace && this.#isCutLine(rest)) {
        this.#report("torn", "The last line was cut off while it was written", TORN);
      } else this.#notALine("The file ends with something that is no audit line");
    }
    this.#release();
  }

  #isCutLine(rest: Uint8Array): boolean {
    const line = readLine(rest);
    return line === undefined ? isTornLine(rest) : this.#isSound(line);
  }

  #isSound(line: StoredLine): boolean {
    const { seal } = this.#options;
    const isSound = seal === undefined || seal.hex(line.content) === line.hash;
    if (isSound) this.#sound++;
    else this.#unsound++;
    return isSound;
  }

  #notALine(problem: string): void {
    this.#bad++;
    this.#report("not-a-line", problem);
  }

  #edited(line: StoredLine): void {
    this.#bad++;
    this.#report("edited", "The hash of this line is not that of its content: it was changed");
    if (this.#end === undefined) return;
    const seq = this.#end.seq + this.#bad;
    const computed = this.#options.seal?.hex(line.content) ?? line.hash;
    this.#others = [...this.#others, { seq, hash: line.hash }, { seq, hash: computed }]
      .slice(-MAX_OTHERS);
  }

  /** Puts a line with the right hash into its place, or says why it has none. */
  #place(line: StoredLine): void {
    const end = this.#end;
    if (line.type === "chain" && this.#line > 1) {
      this.#report("second-chain", "Another chain begins here: a file holds one");
      this.#others = [];
    } else if (end === undefined || follows(line, end)) {
      this.#others = [];
    } else if (this.#others.some((other) => follows(line, other))) {
      this.#others = [end];
    } else if (this.#fillsBad(line, end)) {
      this.#others = [];
    } else if (this.#isDisplaced(line, end)) {
      return;
    } else this.#others = [end];
    this.#release();
    this.#bad = 0;
    this.#end = { seq: line.seq, hash: line.hash };
    this.#lines++;
    this.#options.good(line.hash);
  }

  /** True when the lines between were reported as destroyed and are as many as the numbers say. */
  #fillsBad({ seq }: StoredLine, end: ChainEnd): boolean {
    return seq > end.seq + 1 && seq <= end.seq + 1 + this.#bad;
  }

  /** Reports a line that does not follow; true when those behind it are not judged by it. */
  #isDisplaced(line: StoredLine, end: ChainEnd): boolean {
    const expected = end.seq + 1;
    if (line.seq < expected) {
      const isCopy = line.hash === end.hash;
      const problem = isCopy
        ? "This line stands here a second time"
        : `This line has number ${line.seq} and stands behind number ${end.seq}`;
      this.#report("misplaced", problem);
      return true;
    }
    if (line.seq > expected) {
      const last = line.seq - 1;
      const which = last === expected
        ? `number ${expected} is missing or stands`
        : `numbers ${expected} to ${last} are missing or stand`;
      this.#report("missing", `Before this line, ${which} elsewhere`);
    } else this.#report("broken-link", REPLACED);
    return false;
  }

  #isTorn(torn: NonNullable<Continues["torn"]>): boolean {
    if (this.#heldLength !== torn.bytes) return false;
    const all = new Uint8Array(this.#heldLength);
    let at = 0;
    for (const bytes of this.#heldBytes) {
      all.set(bytes, at);
      at += bytes.length;
    }
    return sha256Hex(all) === torn.sha256;
  }

  #holdLine(line: Uint8Array): void {
    this.#holdBytes(line);
    this.#holdBytes(NEWLINE);
  }

  /** Keeps bytes that may turn out to be a torn end. */
  #holdBytes(bytes: Uint8Array): void {
    this.#heldLength += bytes.length;
    if (this.#heldLength <= MAX_TORN_BYTES) this.#heldBytes.push(bytes.slice());
    else this.#heldBytes = [];
  }

  #release(): void {
    for (const problem of this.#held) this.#options.report(problem);
    [this.#held, this.#heldBytes, this.#heldLength] = [[], [], 0];
  }

  #report(code: ProblemCode, problem: string, more: Partial<AuditProblem> = {}): void {
    const found = { file: this.#file, line: this.#line, code, problem, hint: ROGUE } as const;
    this.#held.push({ severity: "error", ...found, ...more });
    if (this.#held.length < MAX_HELD) return;
    this.#release();
    this.#heldLength = Infinity;
  }
}

function follows(line: StoredLine, end: ChainEnd): boolean {
  return line.seq === end.seq + 1 && line.prev === end.hash;
}
