/**
 * What comes back: hidden channels are removed, secrets redacted, text that addresses the model
 * marked, each as the operator says.
 * @module
 */

import type { ResultRules } from "../../access/inspection.ts";
import type { JsonObject } from "../../base/json.ts";
import { hiddenObjection } from "../hidden.ts";
import type { Objection } from "../objection.ts";
import { cleanText } from "./clean_text.ts";
import { addressesModel } from "./injection.ts";
import { exceedsBytes } from "./measure.ts";
import { redactText } from "./redact.ts";
import { mapTexts } from "./walk.ts";

/** What the operator says of results, and what a rule adds for its calls. */
export interface BoundRules extends ResultRules {
  /** When set, only these secrets are looked for: rules (`github-token`), or all of an issuer (`github`). */
  readonly redact?: readonly string[];
  /** The largest result, in bytes of JSON; none when absent. */
  readonly maxBytes?: number;
}

/** What was found, and what shall go on. Notes are short and hold nothing of the text: `ansi-removed 2`. */
export type ResultFindings =
  /** The result goes on as it is; notes tell what was marked. */
  | { readonly kind: "passed"; readonly notes: readonly string[] }
  /** Another result goes on. */
  | { readonly kind: "changed"; readonly result: JsonObject; readonly notes: readonly string[] }
  /** Nothing goes on. */
  | { readonly kind: "refused"; readonly objection: Objection };

/** Looks at one result of an upstream; it is never changed itself. Linear in its size. */
export function inspectResult(result: JsonObject, rules: BoundRules): ResultFindings {
  if (rules.maxBytes !== undefined && exceedsBytes(result, rules.maxBytes)) {
    const detail = `is larger than ${rules.maxBytes} bytes`;
    return { kind: "refused", objection: { rule: "result-too-large", detail } };
  }
  const inspector = new Inspector(rules);
  const inspected = mapTexts(result, (text) => inspector.text(text));
  if (inspector.objection !== undefined) return { kind: "refused", objection: inspector.objection };
  const notes = inspector.notes();
  return inspected === result
    ? { kind: "passed", notes }
    : { kind: "changed", result: inspected, notes };
}

const NO_NOTES: readonly string[] = [];

class Inspector {
  readonly #rules: BoundRules;
  /** Made with the first thing to count: most results have none. */
  #counts: Map<string, number> | undefined;
  /** The first reason to refuse. */
  objection: Objection | undefined;

  constructor(rules: BoundRules) {
    this.#rules = rules;
  }

  /** In this order, so that secrets and phrases are found that hidden characters cut into pieces. */
  text(text: string): string {
    if (this.objection !== undefined) return text;
    const visible = this.#hidden(text);
    const open = this.#secrets(visible);
    this.#injection(open);
    return open;
  }

  notes(): readonly string[] {
    if (this.#counts === undefined) return NO_NOTES;
    return [...this.#counts].map(([what, count]) => `${what} ${count}`);
  }

  #hidden(text: string): string {
    switch (this.#rules.hidden) {
      case "off":
        return text;
      case "remove": {
        const cleaned = cleanText(text);
        for (const kind of cleaned.removed) {
          this.#count(`${kind === "escape" ? "ansi" : kind}-removed`);
        }
        return cleaned.text;
      }
      case "refuse": {
        const [first] = cleanText(text).removed;
        if (first !== undefined) this.objection = hiddenObjection(first);
        return text;
      }
    }
  }

  #secrets(text: string): string {
    switch (this.#rules.secrets) {
      case "off":
        return text;
      case "redact": {
        const redacted = redactText(text, this.#rules.redact);
        for (const rule of redacted.redacted) this.#count(`redacted ${rule}`);
        return redacted.text;
      }
      case "refuse": {
        const [first] = redactText(text, this.#rules.redact).redacted;
        if (first !== undefined) {
          const detail = `holds what looks like a live secret (${first})`;
          this.objection ??= { rule: `secret-${first}`, detail };
        }
        return text;
      }
    }
  }

  #injection(text: string): void {
    switch (this.#rules.injection) {
      case "off":
        return;
      case "mark":
        for (const _ of addressesModel(text)) this.#count("addresses-model");
        return;
      case "refuse": {
        const [first] = addressesModel(text);
        if (first === undefined) return;
        const detail = "holds text that addresses the model as instructions";
        this.objection ??= { rule: `addresses-model-${first.sign}`, detail };
      }
    }
  }

  #count(what: string): void {
    this.#counts ??= new Map();
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}
