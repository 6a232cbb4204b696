/**
 * Reads `text/event-stream` bytes, as they come and within a bound.
 *
 * WHATWG HTML §9.2.6 "Interpreting an event stream", but strict: text that is not UTF-8 is told of,
 * never repaired, and so is a name that could not be written again.
 * @module
 */

import { CR, LF, LineEnds } from "./line_ends.ts";
import type { SseItem } from "./sse_item.ts";
import { SkippedEvent } from "./sse_skip.ts";
import { isUtf8, strictText } from "./utf8.ts";

/** Options of {@linkcode SseReader}. */
export interface SseReaderOptions {
  /** The most that one event may hold: its data so far and the line at hand. */
  readonly maxSseBufferBytes: number;
}

const COLON = 0x3a;
const SPACE = 0x20;
const BOM = [0xef, 0xbb, 0xbf];
/** The fields that mean something, the most common first. */
const FIELDS = ["data", "event", "id", "retry"] as const;
const FIELD_NAME_BYTES = 5; // "event" and "retry"
/** What servers take of a `Last-Event-ID` header, commonly. */
const MAX_NAME_BYTES = 8 * 1024;
const FIRST_BYTES = 4 * 1024;
/** A buffer above this is given away with its event, or given back after it. */
const KEPT_BYTES = 64 * 1024;
/** Room in the buffer beside what is held: a byte order mark and the name of the field. */
const SLACK_BYTES = 16;

/** What the lines of the event at hand said, beside its data. */
interface Names {
  event: string | undefined;
  id: string | undefined;
  retry: number | undefined;
  fault: string | undefined;
}

/**
 * Splits a stream into events and comments. Linear in the bytes, however they are cut.
 *
 * Data that stands in one chunk as one line is given as a view of that chunk, so a chunk must not be
 * written to while its items are in use. Beside the last chunk no more than `maxSseBufferBytes` is
 * held; a larger event becomes one `oversize` item at its end.
 */
export class SseReader {
  readonly #max: number;
  /** `#buffer[#from..#to]` is the data so far, `#buffer[#to..#lineTo]` the unfinished line. */
  #buffer = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #lineTo = 0;
  /** The data so far while it is one line of the chunk at hand; then none is in `#buffer`. */
  #borrowed: Uint8Array | undefined;
  #hasData = false;
  #names = noNames();
  /** What the whole lines of the event had. */
  #eventBytes = 0;
  #skipped: SkippedEvent | undefined;
  #afterCr = false;
  #inFirstLine = true;

  constructor({ maxSseBufferBytes }: SseReaderOptions) {
    this.#max = maxSseBufferBytes;
  }

  /** Takes the next bytes. */
  push(chunk: Uint8Array): readonly SseItem[] {
    const items: SseItem[] = [];
    if (chunk.length === 0) return items;
    const ends = new LineEnds(chunk);
    let at = this.#afterCr && chunk[0] === LF ? 1 : 0;
    this.#afterCr = false;
    for (let end = ends.next(at); end >= 0; end = ends.next(at)) {
      this.#line(chunk.subarray(at, end), items);
      at = end + 1;
      if (chunk[end] !== CR) continue;
      if (at === chunk.length) this.#afterCr = true;
      else if (chunk[at] === LF) at++;
    }
    this.#own();
    if (at < chunk.length) this.#hold(chunk.subarray(at));
    return items;
  }

  /** The stream is over. */
  end(): readonly SseItem[] {
    const items: SseItem[] = [];
    const rest = this.#withoutBom(this.#buffer.subarray(this.#to, this.#lineTo));
    if (this.#skipped !== undefined) items.push(this.#skipped.item(this.#max));
    else if (this.#hasField() || (rest.length > 0 && rest[0] !== COLON)) {
      items.push({ kind: "truncated" });
    }
    this.#reset();
    return items;
  }

  /** Takes what a chunk has of a line up to its end. */
  #line(part: Uint8Array, items: SseItem[]): void {
    const held = this.#lineTo > this.#to;
    if (held || this.#skipped !== undefined || this.#tooLong(part.length)) this.#hold(part);
    if (this.#skipped !== undefined) {
      if (!this.#skipped.endLine()) return;
      items.push(this.#skipped.item(this.#max));
      this.#reset();
      return;
    }
    const whole = held ? this.#buffer.subarray(this.#to, this.#lineTo) : part;
    const line = this.#withoutBom(whole);
    this.#inFirstLine = false;
    this.#eventBytes += line.length;
    if (line.length === 0) this.#dispatch(items);
    else if (line[0] === COLON) this.#comment(line, items);
    else this.#field(line, held);
    this.#lineTo = this.#to;
  }

  /** Keeps a part of a line that is not whole yet, or lets it go by. */
  #hold(part: Uint8Array): void {
    if (this.#skipped === undefined && this.#tooLong(part.length)) {
      const held = this.#borrowed ?? this.#buffer.subarray(this.#from, this.#to);
      this.#skipped = new SkippedEvent({ held, bytes: this.#eventBytes });
      const line = this.#buffer.subarray(this.#to, this.#lineTo);
      // A byte order mark may be cut anywhere: the parts are joined before it is looked for.
      const start = this.#inFirstLine ? joined(line, part.subarray(0, BOM.length)) : line;
      this.#skipped.take(this.#withoutBom(start));
      this.#skipped.take(this.#inFirstLine ? part.subarray(BOM.length) : part);
      this.#inFirstLine = false;
      this.#buffer = new Uint8Array(0);
      this.#from = this.#to = this.#lineTo = 0;
      this.#borrowed = undefined;
    } else if (this.#skipped !== undefined) this.#skipped.take(part);
    else this.#append(part);
  }

  /** Whether the event is too large once the line at hand grows by so much. */
  #tooLong(moreBytes: number): boolean {
    const data = this.#borrowed?.length ?? this.#to - this.#from;
    return data + this.#lineTo - this.#to + moreBytes > this.#max;
  }

  #comment(line: Uint8Array, items: SseItem[]): void {
    const text = strictText(line.subarray(line[1] === SPACE ? 2 : 1));
    if (text !== undefined) items.push({ kind: "comment", text });
    else {items.push({
        kind: "unreadable",
        detail: "a comment is not UTF-8",
        data: new Uint8Array(0),
      });}
  }

  #field(line: Uint8Array, inBuffer: boolean): void {
    const colon = line.subarray(0, FIELD_NAME_BYTES + 1).indexOf(COLON);
    const nameEnd = colon < 0 ? line.length : colon;
    if (nameEnd > FIELD_NAME_BYTES) return;
    const name = FIELDS.find((field) => isNamed(line, { field, nameEnd }));
    const valueStart = colon < 0 ? line.length : colon + (line[colon + 1] === SPACE ? 2 : 1);
    const value = line.subarray(valueStart);
    if (name === "data") this.#data(value, inBuffer);
    else if (name === "event" || name === "id") this.#name(name, value);
    else if (name === "retry") this.#names.retry = milliseconds(value) ?? this.#names.retry;
  }

  #data(value: Uint8Array, inBuffer: boolean): void {
    if (!this.#hasData) {
      this.#hasData = true;
      if (inBuffer) {
        this.#from = value.byteOffset - this.#buffer.byteOffset;
        this.#to = this.#from + value.length;
      } else this.#borrowed = value;
      return;
    }
    this.#own();
    if (inBuffer) {
      const start = value.byteOffset - this.#buffer.byteOffset;
      // The name of the field stood between, so there is room for the LF.
      this.#buffer.copyWithin(this.#to + 1, start, start + value.length);
      this.#buffer[this.#to] = LF;
      this.#to += 1 + value.length;
    } else {
      this.#append([LF]);
      this.#append(value);
      this.#to = this.#lineTo;
    }
  }

  #name(field: "event" | "id", value: Uint8Array): void {
    const text = value.length > MAX_NAME_BYTES ? undefined : strictText(value);
    if (value.length > MAX_NAME_BYTES) {
      this.#names.fault ??= `its ${field} has more than ${MAX_NAME_BYTES} bytes`;
    } else if (text === undefined) this.#names.fault ??= `its ${field} is not UTF-8`;
    else if (text.includes("\0")) this.#names.fault ??= `its ${field} holds a NUL`;
    else this.#names[field] = text;
  }

  #dispatch(items: SseItem[]): void {
    if (this.#eventBytes === 0) return; // nothing but an empty line
    if (this.#hasField()) {
      const { fault, event, id, retry } = this.#names;
      const data = this.#takeData();
      const detail = fault ?? (isUtf8(data) ? undefined : "its data is not UTF-8");
      if (detail !== undefined) items.push({ kind: "unreadable", detail, data });
      else items.push({ kind: "event", data, hasData: this.#hasData, event, id, retry });
    }
    this.#reset();
  }

  #hasField(): boolean {
    const { event, id, retry, fault } = this.#names;
    return this.#hasData || (event ?? id ?? retry ?? fault) !== undefined;
  }

  #takeData(): Uint8Array {
    if (this.#borrowed !== undefined) return this.#borrowed;
    const data = this.#buffer.subarray(this.#from, this.#to);
    if (data.length <= KEPT_BYTES) return data.slice();
    this.#buffer = new Uint8Array(0);
    return data;
  }

  #reset(): void {
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = new Uint8Array(0);
    this.#from =
      this.#to =
      this.#lineTo =
      this.#eventBytes =
        0;
    this.#borrowed = this.#skipped = undefined;
    this.#hasData = false;
    this.#names = noNames();
  }

  /** Copies data that stands in the chunk, which the next one may replace. */
  #own(): void {
    const data = this.#borrowed;
    if (data === undefined) return;
    this.#borrowed = undefined;
    this.#append(data);
    this.#to = this.#lineTo;
  }

  #append(bytes: ArrayLike<number>): void {
    const needed = this.#lineTo + bytes.length;
    if (needed > this.#buffer.length) {
      const most = this.#max + SLACK_BYTES;
      const size = Math.max(needed, Math.min(Math.max(2 * needed, FIRST_BYTES), most));
      this.#buffer = new Uint8Array(this.#buffer.buffer.transfer(size));
    }
    this.#buffer.set(bytes, this.#lineTo);
    this.#lineTo = needed;
  }

  /** §9.2.5: one byte order mark may stand at the start of a stream. */
  #withoutBom(line: Uint8Array): Uint8Array {
    const marked = this.#inFirstLine && BOM.every((byte, index) => line[index] === byte);
    return marked ? line.subarray(BOM.length) : line;
  }
}

function isNamed(
  line: Uint8Array,
  { field, nameEnd }: { readonly field: string; readonly nameEnd: number },
): boolean {
  if (field.length !== nameEnd) return false;
  for (let at = 0; at < nameEnd; at++) if (line[at] !== field.charCodeAt(at)) return false;
  return true;
}

function noNames(): Names {
  return { event: undefined, id: undefined, retry: undefined, fault: undefined };
}

/** Only digits count; a number that is not exact is as good as none. */
function milliseconds(value: Uint8Array): number | undefined {
  const text = String.fromCharCode(...value.subarray(0, 17)); // 2^53 has 16 digits
  const number = /^[0-9]+$/.test(text) ? Number(text) : NaN;
  return value.length <= 16 && Number.isSafeInteger(number) ? number : undefined;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
