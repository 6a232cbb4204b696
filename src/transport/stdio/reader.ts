/**
 * Where bytes come from: our stdin, or a stream of the child's.
 * @module
 */

/** What our stdin is: `Deno.stdin` fits. */
export interface ByteFile {
  /** Reads some bytes; gives how many, null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Ends a read that waits. Without it such a read is left behind, and keeps the process alive. */
  close?(): void;
}

/** Reads into memory that the caller lends. */
export interface ByteReader {
  /**
   * Reads some bytes to the start of `room` and gives them; none mean the end. The memory they are
   * in may have replaced that of `room`, which then is empty.
   */
  read(room: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** Ends a read that waits, and all later ones; the memory it was lent may be lost. */
  cancel(): Promise<void>;
}

/** Reads a file; to cancel is to close it. */
export function fileReader(file: ByteFile): ByteReader {
  return {
    async read(room) {
      const count = await file.read(room);
      return room.subarray(0, count ?? 0);
    },
    async cancel() {
      try {
        await file.close?.();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error; // it was closed already
      }
    },
  };
}

/** Reads a stream of bytes without a buffer of its own. */
export function streamReader(stream: ReadableStream<Uint8Array>): ByteReader {
  const reader = stream.getReader({ mode: "byob" });
  return {
    async read(room) {
      const { value } = await reader.read(room);
      return value ?? new Uint8Array(0);
    },
    cancel: () => reader.cancel().catch(() => {}), // a broken stream has ended
  };
}
