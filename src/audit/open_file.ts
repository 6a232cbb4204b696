/**
 * An audit file while it is written.
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { AegisError } from "../base/error.ts";
import type { FileSink } from "./chain_sink.ts";
import { ChainWriter } from "./chain_writer.ts";
import type { Claim } from "./claim.ts";
import type { AuditEntry } from "./entry.ts";
import { baseName } from "./file_name.ts";
import type { Seal } from "./seal.ts";
import { newSegment, type OpenChain, type Segment } from "./segment.ts";
import { writeAll } from "./write_all.ts";

/** How {@linkcode OpenFile} writes. */
export interface WriteOptions {
  readonly seal: Seal;
  readonly clock: Clock;
  readonly maxFileBytes: number;
  readonly sync: "none" | "each";
}

/** The file sink once its file is found. */
export class OpenFile implements FileSink {
  readonly #base: Claim;
  readonly #options: WriteOptions;
  readonly #writer: ChainWriter;
  readonly #chain: string;
  #part: number;
  #segment: Segment;
  /** Bytes of the file that holds nothing but its header yet. */
  #headerBytes = 0;
  /** Up to here the file holds whole lines. */
  #goodBytes: number;
  /** Bytes may stand behind `#goodBytes` that could not be taken back. */
  #isRagged = false;
  /** Why nothing can be written any more. */
  #dead: AegisError | undefined;
  #isClosed = false;

  constructor({ claim, segment, end, header, begins }: OpenChain, options: WriteOptions) {
    this.#base = claim;
    this.#options = options;
    this.#writer = new ChainWriter(options.seal, end);
    this.#chain = header.chain;
    this.#part = header.part;
    this.#segment = segment;
    this.#goodBytes = segment.bytes;
    if (!begins) return;
    try {
      this.#writer.begin({ ...header, startedMs: options.clock.wallMs() });
      this.#headerBytes = this.#write();
    } catch (error) {
      this.#closeSegment();
      throw error;
    }
  }

  get path(): string {
    return this.#segment.claim.path;
  }

  get place(): string {
    return this.path;
  }

  get head(): string {
    return this.#writer.end.hash;
  }

  get lines(): number {
    return this.#writer.end.seq;
  }

  record(entries: readonly AuditEntry[]): void {
    if (this.#isClosed) throw new AegisError("audit-closed", "Cannot record: the audit is closed");
    if (this.#dead !== undefined) throw this.#dead;
    if (entries.length === 0) return;
    if (this.#isRagged) this.#mend();
    this.#make(entries);
    const bytes = this.#goodBytes + this.#writer.bytes.length;
    if (bytes <= this.#options.maxFileBytes || this.#goodBytes <= this.#headerBytes) this.#write();
    else this.#rotate(entries);
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#closeSegment();
      this.#base.file.close();
    }
    return Promise.resolve();
  }

  #make(entries: readonly AuditEntry[]): void {
    try {
      for (const entry of entries) this.#writer.add(entry);
    } catch (error) {
      this.#writer.rollback();
      throw error;
    }
  }

  /** Writes the lines that were made, all or none; gives their bytes. */
  #write(): number {
    const { bytes } = this.#writer;
    try {
      writeGroup(this.#segment.claim.file, bytes, this.#options.sync);
    } catch (cause) {
      this.#writer.rollback();
      this.#isRagged = true;
      try {
        this.#mend();
      } catch {
        // It stays ragged: the next record() tries again before it writes.
      }
      throw failed(this.path, cause);
    }
    this.#writer.commit();
    this.#goodBytes += bytes.length;
    return bytes.length;
  }

  // INVARIANT: After a failed write the file ends with a whole line again before anything follows.
  #mend(): void {
    try {
      this.#segment.claim.file.truncateSync(this.#goodBytes);
    } catch (cause) {
      throw failed(this.path, cause);
    }
    this.#isRagged = false;
  }

  /** Goes on in another file, whose first write is its header and these entries. */
  #rotate(entries: readonly AuditEntry[]): void {
    this.#writer.rollback();
    const segment = newSegment(this.#base, this.#segment.number + 1);
    try {
      this.#writer.begin({
        chain: this.#chain,
        part: this.#part + 1,
        startedMs: this.#options.clock.wallMs(),
        continues: { file: baseName(this.path) },
      });
      this.#make(entries);
      writeGroup(segment.claim.file, this.#writer.bytes, this.#options.sync);
    } catch (cause) {
      this.#writer.rollback();
      const error = failed(segment.claim.path, cause);
      // Lines that nobody recorded must not stand in a file that another one would follow.
      if (!emptied(segment)) this.#dead = error;
      throw error;
    }
    this.#closeSegment();
    this.#segment = segment;
    this.#part++;
    this.#headerBytes = 0;
    this.#goodBytes = this.#writer.bytes.length;
    this.#writer.commit();
  }

  /** Closes the file being written; the first one stays open for its lock. */
  #closeSegment(): void {
    if (this.#segment.claim !== this.#base) this.#segment.claim.file.close();
  }
}

function writeGroup(file: Deno.FsFile, bytes: Uint8Array, sync: WriteOptions["sync"]): void {
  writeAll((rest) => file.writeSync(rest), bytes);
  if (sync === "each") file.syncDataSync();
}

/** Leaves a file empty, as which the next attempt takes it; false when that fails. */
function emptied({ claim: { file } }: Segment): boolean {
  try {
    file.truncateSync(0);
    return true;
  } catch {
    return false;
  } finally {
    file.close();
  }
}

function failed(path: string, cause: unknown): AegisError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AegisError(
    "audit-write",
    `Cannot write the audit to ${JSON.stringify(path)}: ${why}`,
    {
      cause,
    },
  );
}
