/**
 * A URL in its raw text: which scheme and host it has, and what parsers read differently in it.
 *
 * WHATWG URL repairs what it can: it drops TAB and line ends anywhere, trims controls and spaces, takes
 * `\` for `/` and any number of slashes for two. A client that follows another document connects
 * elsewhere. So the text is cut here by RFC 3986, and whatever WHATWG would have to repair is told
 * as a fault.
 * @module
 */
import { type Host, readHost } from "./host.ts";

/** What a text is, read as a URL. */
export type UrlReading =
  | {
    readonly kind: "url";
    /** In small letters, without the colon. */
    readonly scheme: string;
    /** `undefined` where nothing is connected to: `mailto:`, `data:`, `file:///`. */
    readonly host: Host | undefined;
  }
  | {
    readonly kind: "faulty";
    readonly fault: UrlFault;
    /** As far as one is there. */
    readonly scheme: string | undefined;
  };

/**
 * What parsers read differently: a control character anywhere; white space around the text; no
 * scheme; a backslash before the query; not exactly two slashes where a host must follow; a second
 * `@`, or a character that becomes a delimiter by Unicode normalisation, in front of the host; or
 * WHATWG takes no such URL at all, a bad port for one.
 */
export type UrlFault =
  | "control"
  | "white-space"
  | "scheme"
  | "backslash"
  | "slashes"
  | "userinfo"
  | "unreadable";

/** Schemes that WHATWG calls special and that need a host. */
const HOST_SCHEMES: ReadonlySet<string> = new Set(["http", "https", "ws", "wss", "ftp"]);

/** Reads the whole of a text as one absolute URL. */
export function readUrl(text: string): UrlReading {
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(text.slice(0, 64))?.[0].toLowerCase();
  const faulty = (fault: UrlFault): UrlReading => ({ kind: "faulty", fault, scheme });
  if (holdsControl(text)) return faulty("control");
  if (text.trim() !== text) return faulty("white-space");
  if (scheme === undefined) return faulty("scheme");
  const head = untilAny(text, "?#", scheme.length + 1);
  if (head.includes("\\")) return faulty("backslash");
  const slashes = /^\/*/.exec(head)?.[0].length ?? 0;
  if (HOST_SCHEMES.has(scheme) ? slashes !== 2 : slashes > 3) return faulty("slashes");
  const authority = slashes === 2 ? untilAny(head, "/", 2) : "";
  if (hasTwoOwners(authority)) return faulty("userinfo");
  if (authority === "") {
    return HOST_SCHEMES.has(scheme) || !URL.canParse(text)
      ? faulty("unreadable")
      : { kind: "url", scheme, host: undefined };
  }
  return readAuthority(text, { scheme, authority });
}

function readAuthority(
  text: string,
  { scheme, authority }: { readonly scheme: string; readonly authority: string },
): UrlReading {
  const host = readHost(hostOf(authority));
  if (host.kind === "invalid") return { kind: "url", scheme, host };
  // What is judged has to be what the platform would connect to.
  const parsed = URL.parse(text);
  const agrees = parsed !== null && sameHost(readHost(parsed.hostname), host);
  return agrees ? { kind: "url", scheme, host } : { kind: "faulty", fault: "unreadable", scheme };
}

/** C0, DEL and C1. */
function holdsControl(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\x00-\x1f\x7f-\x9f]/.test(text);
}

/** The part of a text from `start` up to the first of some characters. */
function untilAny(text: string, stops: string, start: number): string {
  const ends = [...stops].map((stop) => text.indexOf(stop, start)).filter((at) => at >= 0);
  return text.slice(start, ends.length === 0 ? undefined : Math.min(...ends));
}

/** Whether one parser may see another host than the next in front of which somebody's name stands. */
function hasTwoOwners(authority: string): boolean {
  const at = authority.lastIndexOf("@");
  if (at < 0) return false;
  const owner = authority.slice(0, at);
  return owner.includes("@") || /[/?#@\\]/.test(owner.normalize("NFKC"));
}

/** Cuts off userinfo and port. */
function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return host.replace(/:[^:\]]*$/, "");
}

function sameHost(one: Host, other: Host): boolean {
  if (one.kind === "address" && other.kind === "address") {
    return other.readings.some(({ text }) => text === one.readings[0].text);
  }
  return one.kind === "name" && other.kind === "name" && one.name === other.name;
}
