/**
 * Paths of file URLs.
 * @module
 */

/** The path of a `file:` URL on this platform. */
export function fromFileUrl(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.slice(1).replaceAll("/", "\\") : path;
}
