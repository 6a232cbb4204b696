/**
 * Whom an authorization server knows, and what each may have: the client credentials grant of
 * RFC 6749 §4.4.
 * @module
 */

/** A client that is registered. */
export interface KnownClient {
  readonly id: string;
  readonly secret: string;
  /** What it may ask for; undefined for anything. */
  readonly scopes?: readonly string[];
  /** The `roles` of its tokens. */
  readonly roles?: readonly string[];
}

/** A request to the token endpoint. */
export interface TokenRequest {
  readonly authorization: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The client that shows its secret, in the header or in the body (RFC 6749 §2.3.1). */
export function clientOf(
  { authorization, parameters }: TokenRequest,
  clients: readonly KnownClient[],
): KnownClient | undefined {
  const { client_id = "", client_secret = "" } = parameters;
  const shown = authorization === null ? [client_id, client_secret] : basicPair(authorization);
  return clients.find(({ id, secret }) => shown?.[0] === id && shown[1] === secret);
}

/** The scopes that the client asks for beyond its own: `invalid_scope` when there are any. */
export function excessOf({ scopes }: KnownClient, asked: string | undefined): readonly string[] {
  if (asked === undefined || scopes === undefined) return [];
  return asked.split(" ").filter((scope) => !scopes.includes(scope));
}

/** The body of a refusal (RFC 6749 §5.2). */
export function tokenRefusal(error: string, status: number): Response {
  return Response.json({ error }, { status });
}

/** Both halves are form-encoded before they are joined. */
function basicPair(authorization: string): readonly string[] | undefined {
  const [, encoded] = authorization.match(
    /^Basic ((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/,
  ) ?? [];
  if (encoded === undefined) return undefined;
  const pair = new TextDecoder().decode(Uint8Array.fromBase64(encoded));
  const at = pair.indexOf(":");
  return [pair.slice(0, at), pair.slice(at + 1)].map(formDecoded);
}

function formDecoded(text: string): string {
  return new URLSearchParams(`=${text.replaceAll("&", "%26")}`).get("") ?? "";
}
