/**
 * Addresses to which secrets may go, and from which keys may come.
 * @module
 */

/**
 * A URL to which requests of our own may go: https, or http to this machine; no user, no fragment.
 * `undefined` for any other text.
 */
export function trustedUrl(text: string | URL): URL | undefined {
  const url = URL.parse(String(text));
  if (url === null || url.username !== "" || url.password !== "" || url.hash !== "") {
    return undefined;
  }
  if (url.protocol === "https:") return url;
  return url.protocol === "http:" && isThisMachine(url) ? url : undefined;
}

/** As the URL parser writes them, RFC 6761 §6.3 for the name. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a URL's host is this machine, so that nobody stands between. */
export function isThisMachine({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}
