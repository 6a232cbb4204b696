/**
 * What a `serve` run does where neither a flag nor a file says otherwise.
 * @module
 */

/** The address: nobody else can connect. */
export const DEFAULT_HOST = "127.0.0.1";
/** The port. */
export const DEFAULT_PORT = 8443;
/** Seconds of silence before a stream gets a comment. */
export const DEFAULT_KEEP_ALIVE_S = 15;
/** Servers of one command at once. */
export const DEFAULT_MAX_CHILDREN = 64;
