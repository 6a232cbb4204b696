/**
 * What a client on stdio leaves out and an upstream over HTTP has to be told: headers that repeat
 * the body.
 *
 * MCP 2026-07-28, Streamable HTTP, "Request Metadata" and "Schema Extension".
 * @module
 */

import type { JsonValue } from "../base/json.ts";
import type { Logger } from "../base/log.ts";
import type { Message } from "../jsonrpc/message.ts";
import { invalidHeaderSchema } from "../mcp/header_schema.ts";
import { type HeaderPair, headersFor } from "../mcp/http_headers.ts";
import { eraOf } from "../mcp/revision.ts";

/** Of the tools left out, how many are told of. */
const MAX_NOTES = 100;

/** Makes the headers of one conversation. */
export class Mirror {
  readonly #log: Logger;
  readonly #noted = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The headers of a message, of what was judged and is sent. */
  headers(
    message: Message,
    { revision, inputSchema }: {
      readonly revision: string | null;
      /** Of the tool that is called, when it was listed. */
      readonly inputSchema?: JsonValue | undefined;
    },
  ): readonly HeaderPair[] {
    return revision === null ? [] : headersFor(message, { revision, inputSchema });
  }

  /** Why a tool with this schema must be left out: its headers are declared in no valid way. */
  fault(inputSchema: JsonValue | undefined, revision: string | null): string | undefined {
    if (eraOf(revision) === "legacy") return undefined;
    const fault = invalidHeaderSchema(inputSchema);
    return fault === undefined ? undefined : `in its schema ${fault}`;
  }

  /** Tells the operator of a tool that is left out, once. */
  noteLeftOut(tool: string, fault: string): void {
    const note = `the tool ${JSON.stringify(tool.slice(0, 200))} is left out: ${
      fault.slice(0, 500)
    }`;
    if (this.#noted.size >= MAX_NOTES || this.#noted.has(note)) return;
    this.#noted.add(note);
    this.#log.log("WARNING", note);
  }
}
