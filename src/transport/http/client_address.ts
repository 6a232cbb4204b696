/**
 * Who is at the other end, when proxies that the operator declared stand between.
 * @module
 */

/** Whether an address is one of the operator's own proxies. */
export type TrustedProxies = (address: string) => boolean;

/** More hops than any road has. */
const MAX_HOPS = 16;

/**
 * The address of the client: the last hop of `X-Forwarded-For` that no trusted proxy added, or who
 * is connected when that is no trusted proxy.
 *
 * Hops are read from the right, as each proxy adds one there; what stands further left is the word
 * of somebody unknown.
 */
export function clientAddress(
  address: string,
  headers: Headers,
  isTrusted: TrustedProxies | undefined,
): string {
  if (isTrusted === undefined || !isTrusted(address)) return address;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").slice(-MAX_HOPS);
  let client = address;
  for (const hop of hops.reverse()) {
    const text = hop.trim();
    if (!ADDRESS.test(text)) break;
    client = text;
    if (!isTrusted(text)) break;
  }
  return client;
}

/** IPv4, or IPv6 with its two colons at least; without a port. What it is, is up to whoever trusts it. */
const ADDRESS =
  /^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?=.{2,45}$)[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*)$/;
