/**
 * A plain reading of WHATWG HTML §9.2.6 on a whole stream, with our bounds: what the incremental
 * reader is compared with.
 * @module
 */

import type { SseItem } from "../../../src/transport/http/sse_item.ts";

/** An item with its bytes as text, one character a byte. */
export type Seen =
  | Exclude<SseItem, { readonly data: Uint8Array } | { readonly kind: "oversize" }>
  | { readonly kind: "oversize"; readonly bytes: number }
  | (Omit<Extract<SseItem, { readonly kind: "event" }>, "data"> & { readonly data: string })
  | { readonly kind: "unreadable"; readonly data: string };

/** What is compared of an item. */
export function seen(item: SseItem): Seen {
  switch (item.kind) {
    case "event":
      return { ...item, data: latin1(item.data) };
    case "unreadable":
      return { kind: "unreadable", data: latin1(item.data) };
    case "oversize":
      return { kind: "oversize", bytes: item.bytes };
    case "comment":
    case "truncated":
      return item;
  }
}

/** Reads a whole stream. */
export function reference(stream: Uint8Array, max: number): readonly Seen[] {
  const whole = latin1(stream);
  const marked = whole.startsWith("\u00ef\u00bb\u00bf");
  const lines = (marked ? whole.slice(3) : whole).split(/\r\n|\r|\n/);
  const rest = lines.pop() ?? "";
  const items: Seen[] = [];
  let event = begin();
  for (const [index, line] of lines.entries()) {
    const markBytes = marked && index === 0 ? 3 : 0;
    const data = event.data.join("\n");
    const tooLong = data.length + line.length + markBytes > max;
    event.tooLong ||= tooLong;
    event.bytes += line.length;
    if (line === "") {
      if (event.tooLong) items.push({ kind: "oversize", bytes: event.bytes });
      else if (event.isUnreadable || !isUtf8(data)) items.push({ kind: "unreadable", data });
      else if (event.hasField) {
        const { name, id, retry } = event;
        const hasData = event.data.length > 0;
        items.push({ kind: "event", data, hasData, event: name, id, retry });
      }
      event = begin();
    } else if (!event.tooLong) take(line);
  }
  const markBytes = marked && lines.length === 0 ? 3 : 0;
  if (event.data.join("\n").length + rest.length + markBytes > max || event.tooLong) {
    items.push({ kind: "oversize", bytes: event.bytes + rest.length });
  } else if (event.hasField || (rest !== "" && !rest.startsWith(":"))) {
    items.push({ kind: "truncated" });
  }
  return items;

  function take(line: string): void {
    if (line.startsWith(":")) {
      const text = line.slice(line.startsWith(": ") ? 2 : 1);
      items.push(
        isUtf8(text) ? { kind: "comment", text: utf8(text) } : { kind: "unreadable", data: "" },
      );
      return;
    }
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "data") event.data.push(value);
    else if (field === "retry" && /^[0-9]{1,15}$/.test(value)) event.retry = Number(value);
    else if (field === "id" || field === "event") {
      if (!isUtf8(value) || value.includes("\0")) event.isUnreadable = true;
      else if (field === "id") event.id = utf8(value);
      else event.name = utf8(value);
    } else return;
    event.hasField = true;
  }
}

function begin() {
  return {
    data: [] as string[],
    name: undefined as string | undefined,
    id: undefined as string | undefined,
    retry: undefined as number | undefined,
    hasField: false,
    isUnreadable: false,
    tooLong: false,
    bytes: 0,
  };
}

/** One character for each byte. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function utf8(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf(text));
}

function isUtf8(text: string): boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    decoder.decode(bytesOf(text));
    return true;
  } catch {
    return false;
  }
}
