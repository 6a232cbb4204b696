/**
 * TLS upon a carrier, with a certificate that can change.
 *
 * `Deno.listenTls` has one certificate for good, and closing its connection amid the handshake does not
 * close the socket (measured): whoever says nothing would keep it. Here the socket stays ours.
 * Imported lazily: `node:tls` costs 20 ms.
 * @module
 */

import { Duplex } from "node:stream";
import {
  createSecureContext,
  type SecureContext,
  TLSSocket,
  type TLSSocketOptions,
} from "node:tls";
import type { Carrier } from "./carrier.ts";
import type { TlsPair } from "./tls_files.ts";

/** Makes carriers secret. */
export interface TlsLayer {
  /** The server's side of TLS upon a carrier; the handshake is made by the first read. */
  wrap(carrier: Carrier): Carrier;
  /**
   * Takes another certificate for what is wrapped from now on.
   *
   * @throws when it cannot be used; the one before stays.
   */
  replace(tls: TlsPair): void;
}

/** Makes the layer; throws when the certificate cannot be used. */
export function tlsLayer(tls: TlsPair): TlsLayer {
  let secureContext = contextOf(tls);
  return {
    wrap: (carrier) => new TlsCarrier(carrier, secureContext),
    replace(next) {
      secureContext = contextOf(next);
    },
  };
}

function contextOf({ cert, key }: TlsPair): SecureContext {
  return createSecureContext({ cert, key, minVersion: "TLSv1.2" });
}

const RECORD_BYTES = 16 * 1024; // the longest of TLS, RFC 8446 §5.1

class TlsCarrier implements Carrier {
  readonly #under: Carrier;
  readonly #socket: TLSSocket;
  #left: Uint8Array = new Uint8Array(0);
  #isEnded = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  #failWrite: ((error: Error) => void) | undefined;

  constructor(under: Carrier, secureContext: SecureContext) {
    this.#under = under;
    const options: TLSSocketOptions = { isServer: true, secureContext };
    const duplex = duplexOf(under);
    duplex.on("error", (error: Error) => this.#fail(error));
    this.#socket = new TLSSocket(duplex as unknown as TLSSocket, {
      ...options,
      ALPNProtocols: ["http/1.1"],
    });
    this.#socket.on("readable", () => this.#wake?.());
    this.#socket.on("end", () => this.#end());
    this.#socket.on("close", () => {
      this.#end();
      this.#failWrite?.(new Error("the connection is closed"));
    });
    this.#socket.on("error", (error: Error) => this.#fail(error));
  }

  async read(into: Uint8Array): Promise<number | null> {
    for (;;) {
      if (this.#left.length === 0) this.#left = this.#socket.read() ?? this.#left;
      if (this.#left.length > 0) {
        const bytes = Math.min(into.length, this.#left.length);
        into.set(this.#left.subarray(0, bytes));
        this.#left = this.#left.subarray(bytes);
        return bytes;
      }
      if (this.#error !== undefined) throw this.#error;
      if (this.#isEnded) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      // after a failure the callback may never come
      if (this.#error !== undefined) return reject(this.#error);
      this.#failWrite = reject;
      this.#socket.write(bytes, (error) => error ? reject(error) : resolve(bytes.length));
    });
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(() => resolve()));
  }

  close(): void {
    this.#end();
    this.#socket.destroy();
    this.#under.close();
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#wake?.();
    this.#failWrite?.(error);
  }

  #end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }
}

function duplexOf(carrier: Carrier): Duplex {
  const write = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += await carrier.write(bytes.subarray(at));
  };
  return new Duplex({
    read() {
      const record = new Uint8Array(RECORD_BYTES);
      carrier.read(record).then(
        (bytes) => void this.push(bytes === null ? null : record.subarray(0, bytes)),
        (error) => void this.destroy(error),
      );
    },
    write(bytes: Uint8Array, _encoding, done) {
      write(bytes).then(() => done(), done);
    },
    final(done) {
      carrier.closeWrite().then(() => done(), done);
    },
  });
}
