/**
 * The address under which clients reach a listener, as flags say it.
 * @module
 */

import { usageError } from "./exit.ts";

/**
 * Reads the address under which clients reach the listener.
 *
 * @throws {CliError} with exit code 2.
 */
export function webUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw usageError(
      `Cannot use --public-url ${JSON.stringify(text)}: it is no plain http or https URL`,
      "As in https://mcp.example",
    );
  }
  return url;
}
