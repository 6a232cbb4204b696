/**
 * The wire to a server that is started by its command and speaks stdio.
 * @module
 */

import type { Limits } from "../../base/limits.ts";
import type { Logger } from "../../base/log.ts";
import { LineChild } from "../stdio/line_child.ts";
import type { OpenWire } from "./routed_link.ts";

/** Options of {@linkcode stdioWires}. */
export interface StdioWireOptions {
  readonly argv: readonly string[];
  /** All of the child's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Marks the lines of its children on stderr, with a number for each child. */
  readonly name: string;
  /** Receives those lines, newline included; must not block. */
  readonly note: (line: string) => void;
  readonly limits: Pick<Limits, "maxLineBytes" | "transportTimeoutMs">;
  readonly log: Logger;
}

/** Starts a child for each wire. */
export function stdioWires({ name, ...options }: StdioWireOptions): OpenWire {
  let count = 0;
  return (listener) => {
    const start = () => {
      const child = new LineChild({
        ...options,
        name: `${name}#${++count}`,
        onFrame: (frame) => listener.frame(frame),
        onEnd: (detail) => listener.ended(detail),
      });
      return {
        send: async (cleared, kind) => {
          await child.send(cleared, kind);
          return undefined;
        },
        close: (how) => child.stop(how),
        gone: child.gone,
      } satisfies Awaited<ReturnType<OpenWire>>;
    };
    return new Promise((resolve) => resolve(start()));
  };
}
