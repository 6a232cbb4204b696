/**
 * A document and an upstream into a policy that answers.
 * @module
 */

import type { Decision } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import type { AccessRequest, Resource } from "../access/request.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import { EntryIndex, holdsScopes } from "./applicable.ts";
import { classify } from "./classify.ts";
import {
  closed,
  decideNamed,
  decideTemplate,
  decideUnknown,
  decideUpstream,
  open,
  type RuleSet,
  ruleSet,
  serverOf,
} from "./decide.ts";
import type { GrantableAction, PolicyDocument } from "./document.ts";
import { type Policy, type PolicyModel, setModel } from "./policy.ts";
import type { Preset } from "./presets.ts";

/** Options of {@linkcode compilePolicy}. */
export interface CompileOptions {
  /** `sha256:` and hex of the file's bytes. */
  readonly hash: string;
  /** The upstream's name, or null. */
  readonly upstreamName: string | null;
  /** The preset that applies to the upstream. */
  readonly preset?: Preset;
  readonly warnings?: readonly Diagnostic[];
}

/** Compiles a document that has no errors. */
export function compilePolicy(document: PolicyDocument, options: CompileOptions): Policy {
  return new CompiledPolicy(document, options);
}

/** Principals whose rules are kept ready, and decisions kept for each; both are forgotten when full. */
const MAX_VIEWS = 64;
const MAX_REMEMBERED = 256;
/** Longer names are decided each time, so that nobody fills the memory with them. */
const MAX_REMEMBERED_LENGTH = 128;

/** What is ready for all principals with the same entries and scopes. */
interface View {
  readonly rules: RuleSet;
  /** Decisions about the policy's own upstream: by kind and action, then by name. */
  readonly remembered: { readonly [kind in Resource["kind"]]: Memory };
}

type Memory = { readonly [action in GrantableAction]: Map<string, Decision> };

function emptyMemories(): View["remembered"] {
  return {
    tool: emptyMemory(),
    prompt: emptyMemory(),
    resource: emptyMemory(),
    server: emptyMemory(),
  };
}

function emptyMemory(): Memory {
  return { read: new Map(), write: new Map(), delete: new Map(), execute: new Map() };
}

class CompiledPolicy implements Policy {
  readonly hash: string;
  readonly file: string;
  readonly upstreamName: string | null;
  readonly presets: readonly string[];
  readonly attempts: Policy["attempts"];
  readonly observing: boolean;
  readonly ruleCount: number;
  readonly warnings: readonly Diagnostic[];
  readonly #model: PolicyModel;
  readonly #entries: EntryIndex;
  readonly #views = new Map<string, View>();
  #viewOf = new WeakMap<Principal, View>();

  constructor(
    document: PolicyDocument,
    { hash, upstreamName, preset, warnings = [] }: CompileOptions,
  ) {
    this.hash = hash;
    this.file = document.file;
    this.upstreamName = upstreamName;
    this.presets = preset === undefined ? [] : [preset.name];
    const { attempts } = document.defaults;
    this.attempts = attempts === undefined ? undefined : { ...attempts, counts: "all" };
    this.observing = isObserving(document);
    this.ruleCount = document.entries.reduce((count, { rules }) => count + rules.length, 0);
    this.warnings = warnings;
    this.#model = { document, upstreamName, preset };
    setModel(this, this.#model);
    this.#entries = new EntryIndex(document);
  }

  decide(request: AccessRequest): Decision {
    const { principal, action, known } = request;
    if (principal.kind === "upstream") return decideUpstream(this.#model, request);
    if (!known) return decideUnknown(this.#model, this.#view(principal).rules, request);
    switch (action) {
      case "control":
        return open(action);
      case "ask-client":
        return closed(action);
      case "read":
      case "write":
      case "delete":
        return this.#judge(request, action);
      case "execute":
        return this.#judge(request, this.#classified(request));
    }
  }

  #classified({ resource, context }: AccessRequest): GrantableAction {
    if (resource.kind !== "tool") return "execute";
    const server = serverOf(this.#model, resource);
    const knowledge = {
      server: server === null ? undefined : this.#model.document.servers.get(server),
      preset: server === this.upstreamName ? this.#model.preset : undefined,
    };
    return classify(resource.name, knowledge, context.annotations).action;
  }

  #judge(request: AccessRequest, action: GrantableAction): Decision {
    const { resource } = request;
    const view = this.#view(request.principal);
    if (resource.template === true) {
      return decideTemplate(this.#model, view.rules, { request, action });
    }
    const isOwn = serverOf(this.#model, resource) === this.upstreamName;
    if (!isOwn || resource.name.length > MAX_REMEMBERED_LENGTH) {
      return decideNamed(this.#model, view.rules, { request, action });
    }
    const memory = view.remembered[resource.kind][action];
    const before = memory.get(resource.name);
    if (before !== undefined) return before;
    const decision = decideNamed(this.#model, view.rules, { request, action });
    if (memory.size >= MAX_REMEMBERED) memory.clear();
    memory.set(resource.name, decision);
    return decision;
  }

  #view(principal: Principal): View {
    const ready = this.#viewOf.get(principal);
    if (ready !== undefined) return ready;
    const positions = this.#entries.find(principal);
    const rules = this.#entries.at(positions).flatMap((entry) => entry.rules);
    const usable = rules.filter((rule) => holdsScopes(rule, principal));
    const isScoped = usable.length < rules.length || usable.some(({ scopes }) => scopes.length > 0);
    const key = JSON.stringify([positions, isScoped ? [...principal.scopes].sort() : []]);
    const view = this.#views.get(key) ?? { rules: ruleSet(usable), remembered: emptyMemories() };
    if (this.#views.size >= MAX_VIEWS) {
      this.#views.clear();
      this.#viewOf = new WeakMap();
    }
    this.#views.set(key, view);
    this.#viewOf.set(principal, view);
    return view;
  }
}

function isObserving({ defaults, entries, servers }: PolicyDocument): boolean {
  return defaults.mode === "observe" ||
    [...servers.values()].some(({ mode }) => mode === "observe") ||
    entries.some(({ rules }) => rules.some(({ mode }) => mode === "observe"));
}
