/**
 * Member names that other JSON readers take for one another.
 *
 * Go's encoding/json matches members without regard to case (by Unicode simple folding, so that
 * U+212A is a k and U+017F an s), Java and C# readers can be told to, and a key that ends at a NUL
 * is another key in C (GHSA-q382-vc8q-7jhj). Such a reader would see another message than we judged.
 * @module
 */

import { isObject, type JsonObject, member } from "../base/json.ts";

/** The members that the protocol gives one object, and the tables of those that are objects. */
interface Names {
  readonly members: ReadonlyMap<string, Names | null>;
  readonly folded: ReadonlySet<string>;
  /** A bit for every length of a name, modulo 32. */
  readonly lengths: number;
}

/** Finds a key of the envelope that differs from another one, or from a protocol name, only so. */
export function confusableInEnvelope(envelope: JsonObject): string | undefined {
  return confusable(envelope, ENVELOPE);
}

/** The same for `params` and for the objects that the protocol puts directly into it. */
export function confusableInParams(params: JsonObject): string | undefined {
  return confusable(params, PARAMS);
}

function confusable(object: JsonObject, names: Names): string | undefined {
  const keys = Object.keys(object);
  let suspected = false;
  let lengths = 0; // as bits, like `names.lengths`
  let strangeLengths = 0;
  for (const key of keys) {
    const bit = 1 << (key.length & 31);
    const inner = names.members.get(key);
    if (inner === undefined) {
      strangeLengths |= bit;
      if (key.includes("\0")) suspected = true;
    } else if (inner !== null) {
      const value = member(object, key);
      const found = isObject(value) ? confusable(value, inner) : undefined;
      if (found !== undefined) return found;
    }
    if ((lengths & bit) !== 0) suspected = true;
    lengths |= bit;
  }
  // Names of one table differ when folded (a test sees to it), so known keys alone are clear; and
  // folding keeps the length, so a key with a length of its own is clear as well.
  return strangeLengths !== 0 && (suspected || (strangeLengths & names.lengths) !== 0)
    ? confusableKey(keys, names)
    : undefined;
}

function confusableKey(keys: readonly string[], names: Names): string | undefined {
  const seen = new Set<string>();
  for (const key of keys) {
    const folded = foldKey(key);
    if (seen.has(folded)) return key;
    if (names.folded.has(folded) && !names.members.has(key)) return key;
    seen.add(folded);
  }
  return undefined;
}

/**
 * Maps a key to what all keys share that some reader takes for it: everything from a NUL on is cut,
 * and each character is folded by itself, those outside ASCII that fold into it (U+212A, U+017F,
 * U+0130, U+0131) included.
 */
export function foldKey(key: string): string {
  const nul = key.indexOf("\0");
  const name = nul < 0 ? key : key.slice(0, nul);
  const lower = name.toLowerCase();
  // deno-lint-ignore no-control-regex
  if (/^[\x00-\x7f]*$/.test(name)) return lower;
  let folded = "";
  for (const character of name) folded += foldCharacter(character);
  return folded;
}

function foldCharacter(character: string): string {
  if (character === "\u0130") return "i"; // by itself two characters
  const upper = character.toUpperCase(); // only upper case brings U+017F to s
  const lower = (upper.length === character.length ? upper : character).toLowerCase();
  return lower.length === character.length ? lower : character;
}

function table(flat: string, inner: Readonly<Record<string, Names>> = {}): Names {
  const members = new Map<string, Names | null>();
  for (const name of flat.split(" ")) members.set(name, null);
  for (const [name, names] of Object.entries(inner)) members.set(name, names);
  let lengths = 0;
  for (const name of members.keys()) lengths |= 1 << (name.length & 31);
  let folded: ReadonlySet<string> | undefined;
  return {
    members,
    lengths,
    get folded() {
      return folded ??= new Set([...members.keys()].map(foldKey)); // few messages need it
    },
  };
}

const ENVELOPE = table("jsonrpc id method params result error");

const CAPABILITIES = table("experimental roots sampling elicitation tasks extensions");

const IMPLEMENTATION = table("name title icons version websiteUrl description");

/** Members of `params` in the schemas of 2024-11-05 … 2026-07-28 and the tasks extension. */
const PARAMS = table(
  "arguments createdAt cursor data elicitationId error includeContext inputRequests " +
    "inputResponses lastUpdatedAt level logger maxTokens message messages metadata mode " +
    "modelPreferences name notifications pollInterval pollIntervalMs progress progressToken " +
    "protocolVersion reason requestId requestState requestedSchema result status statusMessage " +
    "stopSequences systemPrompt taskId temperature toolChoice tools total ttl ttlMs uri url",
  {
    _meta: table(
      "progressToken io.modelcontextprotocol/protocolVersion io.modelcontextprotocol/logLevel " +
        "io.modelcontextprotocol/related-task io.modelcontextprotocol/subscriptionId",
      {
        "io.modelcontextprotocol/clientInfo": IMPLEMENTATION,
        "io.modelcontextprotocol/clientCapabilities": CAPABILITIES,
      },
    ),
    argument: table("name value"),
    capabilities: CAPABILITIES,
    clientInfo: IMPLEMENTATION,
    context: table("arguments"),
    ref: table("type name title uri"),
    task: table("ttl pollInterval"),
  },
);
