/**
 * A log that cannot get in the way: notes for people never decide what becomes of a message.
 * @module
 */

import type { Logger } from "../base/log.ts";

/** The same log; what it throws is dropped with the line. */
export function steadyLog(log: Logger): Logger {
  return {
    enabled: (level) => {
      try {
        return log.enabled(level);
      } catch {
        return false; // a log that breaks has nothing enabled
      }
    },
    log: (level, message, fields) => {
      try {
        log.log(level, message, fields);
      } catch {
        // Lost with the log: there is nowhere else to tell it.
      }
    },
  };
}
