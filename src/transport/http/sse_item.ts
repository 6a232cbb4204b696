/**
 * What a stream of server-sent events is made of (WHATWG HTML §9.2.5).
 * @module
 */

/** The fields of one event. */
export interface SseFields {
  /** The data lines, joined by LF; empty without any. */
  readonly data: Uint8Array;
  /** Whether there was a data line at all. Without one an `EventSource` takes id and retry, and tells nobody. */
  readonly hasData: boolean;
  readonly event: string | undefined;
  /** The id that this event states itself; `""` forgets the last one. */
  readonly id: string | undefined;
  /** Milliseconds to wait before connecting again. */
  readonly retry: number | undefined;
}

/** One thing that was read from a stream. */
export type SseItem =
  /** Any of the four fields, ended by an empty line. */
  | ({ readonly kind: "event" } & SseFields)
  /** A line that began with a colon, without that and one space. It comes before the event it stands in. */
  | { readonly kind: "comment"; readonly text: string }
  /** An event that is larger than may be held; `id` and `hasMethod` are those of the message in it. */
  | {
    readonly kind: "oversize";
    /** What its lines had, without line ends. */
    readonly bytes: number;
    readonly max: number;
    /** The name of that limit; `maxSseBufferBytes` by default. */
    readonly limit?: string;
    readonly id: string | number | undefined;
    readonly hasMethod: boolean;
  }
  /** An event that cannot be taken as it stands; `data` may still tell which call it was to answer. */
  | { readonly kind: "unreadable"; readonly detail: string; readonly data: Uint8Array }
  /** The stream ended inside an event, which no reader may act upon. */
  | { readonly kind: "truncated" };
