/**
 * What a request to an endpoint must be, before anybody asks what it says.
 * @module
 */

import { refused } from "./replies.ts";

/** What is wrong with the method or the media types of a request of Streamable HTTP. */
export function streamableFault({ method, headers }: Request): Response | undefined {
  switch (method) {
    case "POST":
      return bodyFault(headers) ??
        (accepts(headers, "application/json") && accepts(headers, "text/event-stream")
          ? undefined
          : refused(406, "The client must accept application/json and text/event-stream"));
    case "GET":
      return streamFault(headers);
    case "DELETE":
      return undefined;
    default:
      return refused(405, "Only POST, GET and DELETE are taken", { allow: "POST, GET, DELETE" });
  }
}

/** The same of HTTP+SSE. */
export function sseFault({ method, headers }: Request): Response | undefined {
  switch (method) {
    case "POST":
      return bodyFault(headers);
    case "GET":
      return streamFault(headers);
    default:
      return refused(405, "Only GET and POST are taken", { allow: "GET, POST" });
  }
}

function bodyFault(headers: Headers): Response | undefined {
  const type = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") return refused(415, "The body must be application/json");
  return headers.has("content-encoding")
    ? refused(415, "The body must not be compressed")
    : undefined;
}

function streamFault(headers: Headers): Response | undefined {
  return accepts(headers, "text/event-stream")
    ? undefined
    : refused(406, "The client must accept text/event-stream");
}

function accepts(headers: Headers, type: string): boolean {
  const [family] = type.split("/");
  return (headers.get("accept") ?? "").split(",").some((range) => {
    const wanted = range.split(";", 1)[0]?.trim().toLowerCase();
    return wanted === type || wanted === "*/*" || wanted === `${family}/*`;
  });
}
