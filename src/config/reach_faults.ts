/**
 * What only shows when listener, upstreams and identities are seen together.
 * @module
 */

import { isThisMachine } from "../base/trusted_url.ts";
import { itemsOf, valueOf, type YamlNode } from "../yaml/node.ts";
import type { Problems } from "../yaml/problems.ts";
import type { AegisFile } from "./aegis.ts";

/** What flags say instead of the file, as far as it decides whether the file is whole. */
export interface Overrides {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Whether they say by which name clients ask. */
  readonly isNamed?: boolean;
  /** Whether they say who may be proved, and who tokens must be for. */
  readonly isIdentified?: boolean;
  readonly hasAudience?: boolean;
}

/** What is needed to see the whole. */
interface Whole {
  readonly aegis: AegisFile;
  readonly problems: Problems;
  readonly over: Overrides;
}

/** Reports who cannot be reached, and by whom. */
export function reachFaults(root: YamlNode, whole: Whole): void {
  listenFaults(root, whole);
  if (whole.over.isIdentified !== true) identityFaults(root, whole);
  audienceFaults(root, whole);
}

function listenFaults(root: YamlNode, { aegis: { listen }, problems, over }: Whole): void {
  const host = over.host ?? listen.host ?? DEFAULT_HOST;
  const isNamed = over.isNamed === true || listen.publicUrl !== undefined ||
    listen.allowHosts.length > 0;
  if (isLoopback(host) || isNamed) return;
  problems.at(valueOf(valueOf(root, "listen"), "host") ?? root, {
    code: "unnamed-listener",
    message: `Cannot listen on ${host} without knowing by which name clients ask for it`,
    hint: "Add publicUrl, or allowHosts",
  });
}

function identityFaults(root: YamlNode, { aegis: { listen, who }, problems, over }: Whole): void {
  const principal = valueOf(root, "principal");
  const roles = valueOf(root, "roles");
  const tokens = valueOf(root, "issuers") ?? valueOf(root, "apiKeys");
  const byToken = who.issuers.length > 0 || who.apiKeys.length > 0 || who.apiKeyFile !== undefined;
  if (principal === undefined && !byToken) {
    problems.at(tokens ?? root, {
      code: "nobody-asks",
      message: "Nothing says who asks",
      hint: "Add issuers or apiKeys, or principal on a loopback address",
    });
  }
  if (principal !== undefined && tokens !== undefined) {
    problems.at(principal, {
      code: "principal-beside-tokens",
      message: "A principal cannot stand beside tokens: whoever can connect would need none",
      hint: "Remove principal and roles",
    });
  }
  if (roles !== undefined && principal === undefined) {
    problems.at(roles, {
      code: "stray-roles",
      message: "Roles cannot stand here without a principal",
      hint: "Roles of tokens come from their claims, those of API keys stand beside them",
    });
  }
  const host = over.host ?? listen.host ?? DEFAULT_HOST;
  if (principal !== undefined && !isLoopback(host)) {
    problems.at(principal, {
      code: "principal-for-all",
      message: `A principal cannot be used on ${host}: whoever can connect would be it`,
      hint: "Leave listen.host away, so that only this machine can connect",
    });
  }
}

function audienceFaults(root: YamlNode, { aegis, problems, over }: Whole): void {
  const { listen, upstreams, who } = aegis;
  if (over.hasAudience === true) return;
  const port = over.port ?? listen.port;
  const issuers = itemsOf(valueOf(root, "issuers"));
  const isKnown = port !== 0 || listen.publicUrl !== undefined || over.isNamed === true;
  for (const [at, { audiences }] of who.issuers.entries()) {
    const node = issuers[at] ?? root;
    if (
      !isKnown && audiences.length === 0 && upstreams.some((each) => each.audiences.length === 0)
    ) {
      problems.at(node, {
        code: "unknown-audience",
        message: "Nothing says who tokens must be for: the port is not known yet",
        hint: "Add listen.publicUrl, or audiences to each upstream",
      });
    }
    if (audiences.length > 0 && upstreams.length > 1) {
      problems.at(valueOf(node, "audiences") ?? node, {
        code: "shared-audience",
        severity: "warning",
        message: "A token for one upstream is good at all of them",
        hint:
          "Leave audiences away: then a token must be for the address of the upstream's endpoint",
      });
    }
  }
}

const DEFAULT_HOST = "127.0.0.1";

/** Whether only this machine reaches an address. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const url = URL.parse(`http://${host}`);
  return url !== null && isThisMachine(url);
}
