/**
 * What a server has said of its own tools in one conversation.
 * @module
 */

import type { RefusedTools } from "../access/pins.ts";
import type { ToolAnnotations, ToolListing } from "../access/request.ts";
import { type ListedTool, listedTools } from "../mcp/listed_tools.ts";
import { type ItemList, toolHints } from "../mcp/lists.ts";

/** One page of a list, and its place among the pages. */
export interface ListPage {
  readonly list: ItemList;
  /** It was asked for by a cursor. */
  readonly paged: boolean;
  /** No page follows. */
  readonly last: boolean;
  /** Tools of the page that are not what they were. */
  readonly refused: RefusedTools;
}

/** Of all pages together; real servers list tens. */
const MAX_TOOLS = 100_000;
/** UTF-16 units of schemas and descriptions that are kept; real servers send up to 100 KB. */
const MAX_SIZE = 8_000_000;

/** The tools of one conversation, by name. */
export class KnownTools {
  #annotations: ReadonlyMap<string, ToolAnnotations> = new Map();
  #listings = new Map<string, ToolListing>();
  /** What each listing takes, and all together. */
  readonly #sizes = new Map<string, number>();
  #size = 0;
  #refused = new Map<string, string>();

  /** Why a tool may be neither seen nor called, if it may not. */
  refused(name: string): string | undefined {
    return this.#refused.get(name);
  }

  /** What the tool's annotations say, when it was listed. */
  annotations(name: string): ToolAnnotations | undefined {
    return this.#annotations.get(name);
  }

  /** The tool as it was listed last. */
  listing(name: string): ToolListing | undefined {
    return this.#listings.get(name);
  }

  /**
   * Takes in a page; gives the listings that are on it. What is known is kept: who asks for the first page again does not
   * make us forget the others. A whole list replaces everything.
   */
  note({ list, paged, last, refused }: ListPage): readonly ToolListing[] {
    const isWhole = !paged && last;
    const hints = toolHints(list);
    const known = isWhole ? hints : new Map([...this.#annotations, ...hints]);
    const tooMany = known.size > MAX_TOOLS;
    this.#annotations = tooMany ? hints : known;
    const before = this.#listings;
    if (isWhole || tooMany) this.#refused = new Map();
    for (const { name } of list.items) this.#refused.delete(name);
    for (const [name, why] of refused) this.#refused.set(name, why);
    if (isWhole || tooMany) {
      this.#listings = new Map();
      this.#sizes.clear();
      this.#size = 0;
    }
    const listed: ToolListing[] = [];
    for (const tool of listedTools(list).values()) {
      const listing = this.#kept(tool, before.get(tool.name));
      this.#listings.set(tool.name, listing);
      listed.push(listing);
    }
    return listed;
  }

  /** What is kept of a tool: the object known before when nothing has changed, so that what was derived from it stands. */
  #kept(
    { name, description, inputSchema, size }: ListedTool,
    before: ToolListing | undefined,
  ): ToolListing {
    this.#size -= this.#sizes.get(name) ?? 0;
    this.#sizes.delete(name);
    if (this.#size + size > MAX_SIZE) {
      return { name, description: undefined, inputSchema: undefined, tooLarge: true };
    }
    this.#sizes.set(name, size);
    this.#size += size;
    const same = before !== undefined && before.description === description &&
      JSON.stringify(before.inputSchema) === JSON.stringify(inputSchema);
    return same ? before : { name, description, inputSchema };
  }
}
