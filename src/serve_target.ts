/**
 * The upstreams of a `serve` run, as the operator names them and as the transport reaches them.
 * @module
 */

import type { Logger } from "./base/log.ts";
import type { ServedCredential, Shown } from "./serve_credential.ts";
import type { UpstreamTarget } from "./transport/http/settings.ts";
import { programName } from "./transport/stdio/child.ts";
import { childEnvironment, environmentNotice } from "./transport/stdio/environment.ts";

/** What an upstream speaks, and where it is. */
export type ServedTarget = ServedUrl | ServedCommand;

/** An endpoint of Streamable HTTP, or the stream of HTTP+SSE. */
export interface ServedUrl {
  readonly kind: "http" | "sse";
  readonly url: URL;
  /** What it is shown of the proxy's own. */
  readonly shown: readonly ServedCredential[];
}

/** A command whose server speaks stdio. */
export interface ServedCommand {
  readonly kind: "stdio";
  readonly argv: readonly string[];
  /** `NAME` or `NAME=VALUE`, beyond the usual environment. */
  readonly env: readonly string[];
  /** The most children at once. */
  readonly maxChildren: number;
}

/** The operator's own words that name an upstream. */
export function wordsOf(target: ServedTarget): readonly string[] {
  return target.kind === "stdio" ? target.argv : [target.url.href];
}

/** An upstream in one word: a command's arguments may hold secrets. */
export function shown(target: ServedTarget): string {
  return target.kind === "stdio" ? `${programName(target.argv)} on stdio` : target.url.href;
}

/**
 * The upstream as the transport reaches it: a command with its whole environment.
 *
 * @throws {AegisError} `bad-env` when an entry of `env` names no variable.
 */
export function reached(
  target: ServedTarget,
  { name, log, note, headers }: {
    /** Marks a command's lines on stderr. */
    readonly name: string | undefined;
    readonly log: Logger;
    /** Receives those lines, newline included; must not block. */
    readonly note: (line: string) => void;
    /** Makes the headers that an address is shown. */
    readonly headers: Shown["headers"] | undefined;
  },
): UpstreamTarget {
  if (target.kind !== "stdio") {
    const { kind, url, shown } = target;
    return headers === undefined || shown.length === 0 ? { kind, url } : { kind, url, headers };
  }
  const { argv, env: pass, maxChildren } = target;
  const environment = childEnvironment(Deno.env.toObject(), { pass, os: Deno.build.os });
  const notice = environmentNotice(environment);
  if (notice !== undefined) log.log("INFO", notice);
  const label = name ?? programName(argv);
  return { kind: "stdio", argv, env: environment.env, label, note, maxChildren };
}
