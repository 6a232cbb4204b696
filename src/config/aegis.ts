/**
 * What `aegis.yaml` says, as data: paths seen from where we are, nothing filled in that it leaves out.
 * @module
 */

import type { LimitName } from "../base/limits.ts";
import type { ApiKeyEntry } from "./api_keys.ts";
import type { ALGORITHMS } from "./who_keys.ts";

/** The whole file. */
export interface AegisFile {
  /** The file as the operator named it. */
  readonly file: string;
  readonly listen: ListenSettings;
  readonly upstreams: readonly UpstreamSettings[];
  readonly who: WhoSettings;
  /** Tool calls a minute for each principal. */
  readonly rateLimit: number | undefined;
  readonly audit: {
    /** A path, `stderr` or `none`. */
    readonly to: string | undefined;
    readonly keyFile: string | undefined;
    readonly arguments: boolean;
  };
  /** A path or `none`. */
  readonly pins: string | undefined;
  readonly log: {
    readonly level: "DEBUG" | "INFO" | "WARNING" | "ERROR" | undefined;
    readonly format: "text" | "json" | undefined;
  };
  /** Each in its own unit. */
  readonly limits: { readonly [name in LimitName]?: number };
}

/** Where clients connect. */
export interface ListenSettings {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly publicUrl: URL | undefined;
  readonly allowHosts: readonly string[];
  readonly allowOrigins: readonly string[];
  /** Paths of PEM files. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly adminPort: number | undefined;
  readonly trustedProxies: readonly string[];
  readonly keepAliveSeconds: number | undefined;
}

/** Who may be proved, and how. */
export interface WhoSettings {
  readonly principal: string | undefined;
  readonly roles: readonly string[];
  readonly issuers: readonly IssuerSettings[];
  readonly apiKeys: readonly ApiKeyEntry[];
  readonly apiKeyFile: string | undefined;
  readonly skewSeconds: number | undefined;
  readonly requireAtJwt: boolean;
}

/** An issuer of tokens. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly jwksFile: string | undefined;
  /** Empty: those of each upstream. */
  readonly audiences: readonly string[];
  /** Empty: all of them. */
  readonly algorithms: readonly (typeof ALGORITHMS)[number][];
  /** Empty: the claim `roles`. */
  readonly roles: readonly (string | readonly string[])[];
  readonly roleMap: Readonly<Record<string, readonly string[]>> | undefined;
}

/** One upstream. */
export interface UpstreamSettings {
  readonly name: string;
  /** Where clients of Streamable HTTP find it; null for nowhere. */
  readonly path: string | null;
  /** Where clients of HTTP+SSE do. */
  readonly ssePath: string | null;
  readonly target: TargetSettings;
  readonly policyFile: string;
  /** Empty: the address of its endpoint. */
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
}

/** How an upstream is reached. */
export type TargetSettings =
  | {
    readonly kind: "stdio";
    readonly argv: readonly string[];
    /** `NAME` or `NAME=VALUE`. */
    readonly env: readonly string[];
    readonly maxChildren: number | undefined;
  }
  | {
    readonly kind: "http" | "sse";
    readonly url: URL;
    readonly shown: readonly ShownSettings[];
  };

/** What the proxy shows an upstream of its own. */
export type ShownSettings =
  | { readonly kind: "header"; readonly header: string; readonly from: SecretPlace }
  | { readonly kind: "token"; readonly from: SecretPlace }
  | {
    readonly kind: "grant";
    readonly grant: "clientCredentials" | "tokenExchange";
    readonly tokenEndpoint: string;
    readonly clientId: string;
    readonly clientSecret: SecretPlace;
    readonly authMethod: "client_secret_basic" | "client_secret_post" | undefined;
    readonly resource: string | undefined;
    readonly scopes: readonly string[];
  };

/** Where a secret is. */
export type SecretPlace =
  | { readonly kind: "env"; readonly variable: string }
  | { readonly kind: "file"; readonly path: string };
