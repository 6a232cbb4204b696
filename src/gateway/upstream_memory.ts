/**
 * What is known of an upstream beyond one conversation with it.
 * @module
 */

import { KnownTasks } from "./known_tasks.ts";
import { KnownTools } from "./known_tools.ts";

/** Shared by the channels whose requests reach the same server by the same credential. */
export class UpstreamMemory {
  /**
   * What the server said of its own tools.
   *
   * @internal
   */
  readonly tools: KnownTools = new KnownTools();
  /**
   * The tasks that its answers created.
   *
   * @internal
   */
  readonly tasks: KnownTasks = new KnownTasks();
}
