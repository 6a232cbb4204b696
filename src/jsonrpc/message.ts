/**
 * The four shapes of a JSON-RPC 2.0 message, and what can be wrong with the bytes of one.
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json.ts";

/** A request id: a string of at most `maxIdBytes`, or an integer within ±(2^53 − 1). */
export type RequestId = string | number;

/** A call that wants an answer. */
export interface RequestMessage {
  readonly kind: "request";
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

/** A message that wants no answer. */
export interface NotificationMessage {
  readonly kind: "notification";
  readonly method: string;
  readonly params: JsonObject | undefined;
}

/** The answer to a request. */
export interface ResultMessage {
  readonly kind: "result";
  readonly id: RequestId;
  readonly result: JsonObject;
}

/** The failure of a request; `id` is null when the sender could not read the request's id. */
export interface ErrorMessage {
  readonly kind: "error";
  readonly id: RequestId | null;
  readonly error: JsonRpcError;
}

/** The `error` member (JSON-RPC 2.0 §5.1). */
export interface JsonRpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

/** One JSON-RPC message. */
export type Message = RequestMessage | NotificationMessage | ResultMessage | ErrorMessage;

/** What one frame held, after the strict scan. */
export type Frame =
  | { readonly kind: "single"; readonly item: FrameItem; readonly cost: number }
  | { readonly kind: "batch"; readonly items: readonly FrameItem[]; readonly cost: number };

/** A member of a frame: a message, or why it is none. */
export type FrameItem =
  | {
    readonly ok: true;
    readonly message: Message;
    readonly repaired: boolean;
    /**
     * Whether the frame's own bytes say this message and nothing else to every reader: nothing was
     * repaired, no member of the envelope was dropped, no CR or LF stands between tokens (a reader
     * that takes a CR for a line end would see several messages). Never for a member of a batch.
     */
    readonly verbatim: boolean;
  }
  | {
    readonly ok: false;
    readonly fault: ParseFault;
    /** The id, wherever one could be read. */
    readonly id: RequestId | undefined;
    /** Whether a `method` was seen: the id is then a request's, not an answer's. */
    readonly hasMethod: boolean;
  };

/** Why bytes are no message. Offsets are in bytes (or UTF-16 units once decoded) from the start of the frame. */
export type ParseFault =
  | { readonly code: "too_large"; readonly limit: string; readonly max: number }
  | { readonly code: "too_deep"; readonly limit: string; readonly max: number }
  | { readonly code: "not_utf8" }
  | { readonly code: "not_json"; readonly detail: string }
  | { readonly code: "duplicate_key"; readonly key: string }
  | { readonly code: "confusable_key"; readonly key: string }
  | { readonly code: "forbidden_key"; readonly key: string }
  | { readonly code: "lone_surrogate" }
  | { readonly code: "number_out_of_range"; readonly text: string }
  | { readonly code: "bad_id" }
  | { readonly code: "not_a_message"; readonly detail: string }
  | { readonly code: "batch" };

/** Which side wrote the bytes: a client's ambiguity is refused, some of an upstream's is repaired. */
export type Sender = "client" | "upstream";
