/**
 * The files of `deploy/`, parsed.
 * @module
 */

import { load, loadAll, YAML11_SCHEMA } from "js-yaml";
import { ROOT } from "../e2e/harness.ts";

/** A value of a YAML file, asked without knowing its shape. */
export class Place {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  /** What stands at the end of the path; its value is undefined when there is nothing. */
  at(...path: readonly (string | number)[]): Place {
    let value = this.value;
    for (const key of path) {
      value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
    }
    return new Place(value);
  }

  /** The members of a list or of a mapping. */
  get items(): readonly Place[] {
    const { value } = this;
    const all = typeof value === "object" && value !== null ? Object.values(value) : [];
    return all.map((each) => new Place(each));
  }

  /** Every mapping within, this one included. */
  *within(): Generator<Place> {
    yield this;
    for (const item of this.items) yield* item.within();
  }

  /** As text; nothing is the empty text. */
  get text(): string {
    return this.value === undefined ? "" : `${this.value}`;
  }
}

/** The text of a file. */
export function textOf(name: string): string {
  return Deno.readTextFileSync(`${ROOT}deploy/${name}`);
}

/** The one document of a file, merge keys resolved. */
export function documentOf(name: string): Place {
  return new Place(load(textOf(name), { schema: YAML11_SCHEMA }));
}

/** What is applied to Kubernetes, by `KIND NAME`. */
export function manifests(): ReadonlyMap<string, Place> {
  const files = documentOf("kubernetes/kustomization.yaml").at("resources").items;
  const all = files.flatMap(({ text }) => loadAll(textOf(`kubernetes/${text}`)))
    .map((document) => new Place(document));
  return new Map(
    all.map((each) => [`${each.at("kind").text} ${each.at("metadata", "name").text}`, each]),
  );
}

/** Instructions of the Dockerfile, in order: the word and what follows. */
export function instructions(name: string): readonly (readonly [string, string])[] {
  return textOf(name).split("\n").filter((line) => /^[A-Z]/.test(line)).map((line) => {
    const at = line.indexOf(" ");
    return [line.slice(0, at), line.slice(at + 1)];
  });
}

/** The command line that the image starts. */
export function entrypoint(): readonly string[] {
  const [, words = "[]"] = instructions("Dockerfile").findLast(([word]) => word === "ENTRYPOINT") ??
    [];
  return JSON.parse(words);
}

/** The arguments that follow it in the composition and in Kubernetes. */
export function argumentLists(): readonly (readonly string[])[] {
  const compose = documentOf("compose.yaml").at("services", "aegis-1", "command");
  const pod = manifests().get("Deployment mcp-aegis")?.at("spec", "template", "spec");
  const kubernetes = pod?.at("containers", 0, "args");
  return [compose, kubernetes ?? new Place([])].map(({ items }) => items.map(({ text }) => text));
}
