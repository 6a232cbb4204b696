/**
 * The signals that ask us to stop, as a port.
 * @module
 */

/** Tells of signals that ask this process to stop. */
export interface Signals {
  /** Calls `handler` for each; the function it gives ends that. */
  listen(handler: (signal: Deno.Signal) => void): () => void;
}

/** SIGINT, SIGTERM and SIGHUP of this process; on Windows SIGINT and SIGBREAK. */
export const systemSignals: Signals = {
  listen(handler) {
    const names: readonly Deno.Signal[] = Deno.build.os === "windows"
      ? ["SIGINT", "SIGBREAK"]
      : ["SIGINT", "SIGTERM", "SIGHUP"];
    const listeners = names.map((name) => ({ name, listener: () => handler(name) }));
    for (const { name, listener } of listeners) Deno.addSignalListener(name, listener);
    return () => {
      for (const { name, listener } of listeners) Deno.removeSignalListener(name, listener);
    };
  },
};
