/**
 * A document and an upstream into a policy that answers.
 * @module
 */

import type { Decision } from "../access/decision.ts";
import type { ArgumentKinds, InspectionRules } from "../access/inspection.ts";
import type { Principal } from "../access/principal.ts";
import type { AccessRequest, Resource } from "../access/request.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import { EntryIndex, holdsScopes } from "./applicable.ts";
import { type Classification, classify, classifyPrompt } from "./classify.ts";
import {
  agreed,
  type Classified,
  decideFound,
  decideTemplate,
  decideUnknown,
  type RuleSet,
  ruleSet,
  rulesNaming,
} from "./decide.ts";
import { closed, decideUpstream, open } from "./decide_fixed.ts";
import { ACTIONS, type GrantableAction, type PolicyDocument, type Rule } from "./document.ts";
import { inspectionOf } from "./inspection.ts";
import { knowledgeAt, type Policy, type PolicyModel, serverOf, setModel } from "./policy.ts";
import type { Preset } from "./presets.ts";
import { actionOfCall, type ActionReaders, isReadable } from "./statement.ts";
import { kindsOfPrompt, kindsOfTool } from "./tool_kinds.ts";
import { wantedScopes } from "./step_up.ts";

/** Options of {@linkcode compilePolicy}. */
export interface CompileOptions {
  /** `sha256:` and hex of the file's bytes. */
  readonly hash: string;
  /** The upstream's name, or null. */
  readonly upstreamName: string | null;
  /** The preset that applies to the upstream. */
  readonly preset?: Preset;
  /** Whether the upstream is started here, and so sees the same files. Default false. */
  readonly isLocal?: boolean;
  /** Say what a statement does. Without them every call of a tool whose statement decides is `execute`. */
  readonly actionReaders?: ActionReaders;
  readonly warnings?: readonly Diagnostic[];
}

/** Compiles a document that has no errors. */
export function compilePolicy(document: PolicyDocument, options: CompileOptions): Policy {
  return new CompiledPolicy(document, options);
}

/** Tools whose kinds are kept; a server that lists more has them worked out each time. */
const MAX_TOOLS = 1024;

/** Principals whose rules are kept ready, and decisions kept for each; both are forgotten when full. */
const MAX_VIEWS = 64;
const MAX_REMEMBERED = 256;
/** Longer names are decided each time, so that nobody fills the memory with them. */
const MAX_REMEMBERED_LENGTH = 128;

/** What is ready for all principals with the same entries and scopes. */
interface View {
  readonly rules: RuleSet;
  /** The same as if the token held every scope; undefined when that makes no difference. */
  readonly unscoped: { readonly all: readonly Rule[]; readonly view: View } | undefined;
  /** What is known of names of the policy's own upstream: by kind and action, then by name. */
  readonly remembered: { readonly [kind in Resource["kind"]]: Memory };
}

type Memory = { readonly [action in GrantableAction]: Map<string, Remembered> };

/** What is said of a name: a decision, or the rules whose conditions have to be asked each time. */
interface Remembered {
  readonly found: readonly Rule[];
  readonly decision: Decision | undefined;
}

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
  readonly inspection: InspectionRules;
  readonly #kinds = new Map<string, ArgumentKinds | undefined>();
  readonly #readers: ActionReaders;
  readonly #model: PolicyModel;
  readonly #entries: EntryIndex;
  readonly #views = new Map<string, View>();
  #viewOf = new WeakMap<Principal, View>();

  constructor(
    document: PolicyDocument,
    { hash, upstreamName, preset, isLocal = false, actionReaders = {}, warnings = [] }:
      CompileOptions,
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
    this.inspection = inspectionOf(document, { name: upstreamName, isLocal });
    this.#readers = actionReaders;
    this.#model = { document, upstreamName, preset };
    setModel(this, this.#model);
    this.#entries = new EntryIndex(document);
  }

  decide(request: AccessRequest): Decision {
    const { principal } = request;
    if (principal.kind === "upstream") return decideUpstream(this.#model, request);
    const view = this.#view(principal);
    const decision = this.#decide(view, request);
    const { unscoped } = view;
    // only a token has scopes, and of a list's item nobody asks for more
    const isFinal = decision.effect !== "deny" || principal.kind !== "token" ||
      request.arguments === undefined;
    if (isFinal || unscoped === undefined) return decision;
    const wanted = wantedScopes(principal, unscoped.all, this.#decide(unscoped.view, request));
    return wanted === undefined ? decision : { ...decision, wantedScopes: wanted };
  }

  #decide(view: View, request: AccessRequest): Decision {
    const { action, known } = request;
    if (!known) return decideUnknown(this.#model, view.rules, request);
    switch (action) {
      case "control":
        return open(action);
      case "ask-client":
        return closed(action);
      case "read":
      case "write":
      case "delete": {
        const classification = this.#prompt(request);
        return classification === undefined
          ? this.#judge(view, request, action)
          : this.#classifiedCall(view, request, classification);
      }
      case "execute":
        return this.#classifiedCall(view, request, this.#classified(request));
    }
  }

  argumentKinds(tool: string): ArgumentKinds | undefined {
    const ready = this.#kinds.get(tool);
    if (ready !== undefined || this.#kinds.has(tool)) return ready;
    const kinds = kindsOfTool(tool, knowledgeAt(this.#model, this.upstreamName));
    if (this.#kinds.size < MAX_TOOLS) this.#kinds.set(tool, kinds);
    return kinds;
  }

  promptKinds(prompt: string): ArgumentKinds | undefined {
    return kindsOfPrompt(prompt, knowledgeAt(this.#model, this.upstreamName));
  }

  /** A call, by what it does; where an unknown statement decides, by all that it could do. */
  #classifiedCall(
    view: View,
    request: AccessRequest,
    { action, statement }: Classification,
  ): Decision {
    if (statement === undefined || !isReadable(statement, this.#readers)) {
      return this.#judge(view, request, action);
    }
    const { arguments: args } = request;
    if (args !== undefined) {
      const done = actionOfCall(statement, { args, readers: this.#readers });
      return this.#judge(view, request, done);
    }
    return agreed(ACTIONS.map((each) => this.#judge(view, request, each)), action);
  }

  #classified({ resource, context }: AccessRequest): Classification {
    if (resource.kind !== "tool") return { action: "execute", source: { kind: "default" } };
    const knowledge = knowledgeAt(this.#model, serverOf(this.#model, resource));
    return classify(resource.name, knowledge, context.annotations);
  }

  /** What getting a prompt does, where that is more than its method says. */
  #prompt({ resource, method }: AccessRequest): Classification | undefined {
    if (resource.kind !== "prompt" || method !== "prompts/get") return undefined;
    const knowledge = knowledgeAt(this.#model, serverOf(this.#model, resource));
    return classifyPrompt(resource.name, knowledge);
  }

  #judge(view: View, request: AccessRequest, action: GrantableAction): Decision {
    const { resource } = request;
    const classified = { request, action };
    if (resource.template === true) return decideTemplate(this.#model, view.rules, classified);
    const { found, decision } = this.#speaking(view, classified);
    return decision ?? decideFound(this.#model, found, classified);
  }

  #speaking({ rules, remembered }: View, classified: Classified): Remembered {
    const { request: { resource }, action } = classified;
    const isOwn = serverOf(this.#model, resource) === this.upstreamName;
    const memory = isOwn && resource.name.length <= MAX_REMEMBERED_LENGTH
      ? remembered[resource.kind][action]
      : undefined;
    const before = memory?.get(resource.name);
    if (before !== undefined) return before;
    const found = rulesNaming(this.#model, rules, classified);
    const decision = found.every(({ condition }) => condition === undefined)
      ? decideFound(this.#model, found, classified)
      : undefined;
    const speaking = { found: decision === undefined ? found : [], decision };
    if (memory !== undefined) {
      if (memory.size >= MAX_REMEMBERED) memory.clear();
      memory.set(resource.name, speaking);
    }
    return speaking;
  }

  #view(principal: Principal): View {
    const ready = this.#viewOf.get(principal);
    if (ready !== undefined) return ready;
    const positions = this.#entries.find(principal);
    const rules = this.#entries.at(positions).flatMap((entry) => entry.rules);
    const usable = rules.filter((rule) => holdsScopes(rule, principal));
    const isScoped = usable.length < rules.length || usable.some(({ scopes }) => scopes.length > 0);
    const key = JSON.stringify([positions, isScoped ? [...principal.scopes].sort() : []]);
    const view = this.#views.get(key) ?? viewOf(usable, rules);
    if (this.#views.size >= MAX_VIEWS) {
      this.#views.clear();
      this.#viewOf = new WeakMap();
    }
    this.#views.set(key, view);
    this.#viewOf.set(principal, view);
    return view;
  }
}

/** What is ready for the rules that a principal's scopes allow, of all that speak of it. */
function viewOf(usable: readonly Rule[], all: readonly Rule[]): View {
  return {
    rules: ruleSet(usable),
    unscoped: usable.length === all.length ? undefined : { all, view: viewOf(all, all) },
    remembered: emptyMemories(),
  };
}

function isObserving({ defaults, entries, servers }: PolicyDocument): boolean {
  return defaults.mode === "observe" ||
    [...servers.values()].some(({ mode }) => mode === "observe") ||
    entries.some(({ rules }) => rules.some(({ mode }) => mode === "observe"));
}
