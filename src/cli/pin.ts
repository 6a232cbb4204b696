/**
 * `mcp-aegis pin`: what has changed in a server's tools since they were taken, and to take it.
 * @module
 */

import { digestText } from "../audit/digest.ts";
import { openPinPlace, type PinPlace } from "../inspect/pins/place.ts";
import { type PinReview, reviewPins, takePins } from "../inspect/pins/review.ts";
import { recogniseCommand } from "../policy/recognise_command.ts";
import { type Command, defineCommand } from "./command.ts";
import { EXIT, usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import { FLAGS } from "./flags.ts";
import { limitsOf } from "./limits.ts";
import { listServer } from "./list_server.ts";
import { painter } from "./paint.ts";
import { pinText } from "./pin_text.ts";
import { serverName } from "./run_plan.ts";
import { readTarget, type Target } from "./target.ts";

const PIN_FLAGS = {
  accept: { kind: "switch", group: "What is done", brief: "pin the tools as they are listed now" },
  pins: {
    kind: "text",
    value: "FILE",
    group: "Which server",
    brief: "the lock file, when wrap is told one",
    default: "the server's own",
  },
  target: FLAGS.target,
  env: FLAGS.env,
  name: { ...FLAGS.name, brief: "its name, when wrap is told one" },
  json: FLAGS.json,
} as const;

/** `mcp-aegis pin`. */
export const pinCommand: Command = defineCommand({
  name: "pin",
  brief: "show what has changed in a server's tools since they were taken, and take it",
  usage: ["pin [--accept] [flags] -- COMMAND ARGS…", 'pin [--accept] [flags] --target "COMMAND"'],
  examples: [
    {
      about: "a tool was refused because it has changed: what is different?",
      command: "mcp-aegis pin -- npx -y @modelcontextprotocol/server-filesystem /tmp",
    },
    {
      about: "it is good: take the tools as they are now",
      command: "mcp-aegis pin --accept -- npx -y @modelcontextprotocol/server-filesystem /tmp",
    },
    {
      about: "a lock file that is kept beside the project",
      command: "mcp-aegis pin --pins mcp.lock.json --name fs --json -- ./server",
    },
  ],
  flags: PIN_FLAGS,
  rest: true,
  notes: [
    "The server is started, asked for its tools, and ended. Nothing is written without --accept.",
    "Clients see what was taken with their next list of tools.",
    "Ends with 1 when something differs, or stays refused after --accept.",
  ],
  async run({ flags, rest }, io) {
    const target = readTarget({ target: flags.target, rest, env: flags.env });
    if (target === undefined) {
      throw usageError(
        "Cannot compare without a server",
        "For example: mcp-aegis pin -- npx -y @modelcontextprotocol/server-filesystem /tmp",
      );
    }
    const place = await placeOf(flags, target);
    const { limits } = limitsOf(io);
    const { tools } = await listServer(target, { limits, timeoutMs: LIST_TIMEOUT_MS });
    const options = { ...place, digest: digestText };
    const review = await (flags.accept ? takePins : reviewPins)(tools, options);
    const outcome = { ...place, accepted: flags.accept };
    io.out(
      flags.json
        ? JSON.stringify(asJson(review, outcome), null, 2) + "\n"
        : pinText(review, { ...outcome, paint: painter(io.colour("out")) }),
    );
    const isDone = review.refused.size === 0 && (flags.accept || review.changes.length === 0);
    return isDone ? EXIT.done : EXIT.failed;
  },
});

/** `npx` may have to download the server. */
const LIST_TIMEOUT_MS = 120_000;

/** The same place as `wrap` chooses with the same flags. */
async function placeOf(
  { pins, name }: FlagValues<typeof PIN_FLAGS>,
  { argv }: Target,
): Promise<PinPlace> {
  if (pins === "" || pins === "none") {
    throw usageError(
      `Cannot use --pins ${JSON.stringify(pins)}: it names no file`,
      "Leave --pins away for the server's own file",
    );
  }
  return await openPinPlace(
    { name: serverName(name) ?? recogniseCommand(argv)?.name, argv },
    {
      choice: pins === undefined ? { kind: "state" } : { kind: "file", path: pins },
      digest: digestText,
    },
  );
}

function asJson(
  { isPinned, tools, changes, doubtful, refused }: PinReview,
  { path, server, accepted }: PinPlace & { readonly accepted: boolean },
) {
  const texts = (map: ReadonlyMap<string, string>) =>
    [...map].map(([name, why]) => ({ name, why }));
  return {
    ok: refused.size === 0 && (accepted || changes.length === 0),
    server,
    file: path,
    pinnedBefore: isPinned,
    accepted,
    tools,
    changes,
    doubtful: texts(doubtful),
    refused: texts(refused),
  };
}
