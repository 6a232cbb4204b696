/**
 * What carries the bytes of one connection; a `Deno.TcpConn` is one.
 * @module
 */

/** Reads and writes bytes. */
export interface Carrier {
  /** Reads some bytes; null at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of the bytes, and says how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Says that nothing more will be written. */
  closeWrite(): Promise<void>;
  /** Ends it at once; whatever waits rejects. */
  close(): void;
}
