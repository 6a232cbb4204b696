/**
 * An issuer and an authenticator that trusts it, on a clock of the test's own.
 * @module
 */

import { type JwtAuthenticator, jwtAuthenticator } from "../../src/identity/jwt_authenticator.ts";
import type { IssuerOptions, JwtOptions } from "../../src/identity/jwt_options.ts";
import { startIssuer, type TestIssuer } from "../fixtures/issuer.ts";
import { FakeClock } from "./fake_clock.ts";

export const AUDIENCE = "https://mcp.example/mcp";

export interface Scene extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly issuer: TestIssuer;
  readonly who: JwtAuthenticator;
  readonly alice: string;
}

export async function openScene(
  { path, jwt = {}, issuer: more = (issuer) => ({ jwksUri: issuer.jwksUri }) }: {
    readonly path?: string;
    readonly jwt?: Partial<JwtOptions>;
    readonly issuer?: (issuer: TestIssuer) => Partial<IssuerOptions>;
  } = {},
): Promise<Scene> {
  const clock = new FakeClock();
  const nowSeconds = () => clock.nowSeconds;
  const issuer = await startIssuer(path === undefined ? { nowSeconds } : { nowSeconds, path });
  const who = jwtAuthenticator({
    issuers: [{ issuer: issuer.issuer, audiences: [AUDIENCE], ...more(issuer) }],
    clock,
    ...jwt,
  });
  return {
    clock,
    issuer,
    who,
    alice: `${issuer.issuer}#alice`,
    async [Symbol.asyncDispose]() {
      await who[Symbol.asyncDispose]();
      await issuer.close();
    },
  };
}
