/**
 * The promises of the program, each with bytes that try to break it.
 * @module
 */

import {
  type CheckGroup,
  delivered,
  dropped,
  endedWithError,
  exactly,
  forwarded,
  refusedToClient,
  refusedToUpstream,
  type SelfCheck,
} from "./check.ts";
import {
  ALL,
  call,
  client,
  granting,
  MOST,
  NOTHING,
  notification,
  request,
  result,
  upstream,
} from "./messages.ts";

/** Every group, in the order they are shown. */
export const GROUPS: readonly CheckGroup[] = [
  {
    name: "policy",
    checks: [
      check("an allowed call passes", MOST, [call(1, "read_file")], forwarded),
      check("a denied call does not", MOST, [call(1, "delete_file")], refusedToClient),
      check(
        "nothing is allowed that no rule allows",
        NOTHING,
        [call(1, "read_file")],
        refusedToClient,
      ),
      check(
        "a grant of read does not cover a tool nobody classified",
        granting("*", "read"),
        [call(1, "write_file")],
        refusedToClient,
      ),
      check(
        "a call before initialize is judged like any other",
        MOST,
        [call(1, "delete_file")],
        refusedToClient,
      ),
      check(
        "a resource that no rule names is not read",
        granting("read_*", "read"),
        [client(request(1, "resources/read", { uri: "file:///etc/passwd" }))],
        refusedToClient,
      ),
      check(
        "a prompt that no rule names is not got",
        granting("read_*", "read"),
        [client(request(1, "prompts/get", { name: "p" }))],
        refusedToClient,
      ),
      check("an unknown method is refused", MOST, [client(request(1, "x/y", {}))], refusedToClient),
    ],
    control: check("a denied call passes", MOST, [call(1, "delete_file")], forwarded),
  },
  {
    name: "names",
    checks: ["READ_FILE", "read_file ", "read_file\u200b", "rеad_file", "read_file\u0000", "*", ""]
      .map((name) =>
        check(
          `${JSON.stringify(name)} is not "read_file"`,
          granting("read_file", "execute"),
          [call(1, name)],
          refusedToClient,
        )
      ),
    control: check(
      "read_file is not read_file",
      granting("read_file", "execute"),
      [call(1, "read_file")],
      refusedToClient,
    ),
  },
  {
    name: "parsing",
    checks: [
      refusedText("a tool named twice", '"params":{"name":"read_file","name":"delete_file"}'),
      refusedText(
        "a key that repeats by an escape",
        '"params":{"name":"read_file","n\\u0061me":"delete_file"}',
      ),
      refusedText(
        "a key that differs by case",
        '"params":{"name":"read_file","Name":"delete_file"}',
      ),
      refusedText(
        "a key with a NUL behind it",
        '"params":{"name":"read_file","name\\u0000":"delete_file"}',
      ),
      refusedText(
        "half a surrogate pair",
        '"params":{"name":"read_file","arguments":{"a":"\\ud800"}}',
      ),
      refusedText(
        "a number that no double holds",
        '"params":{"name":"read_file","arguments":{"a":1e999}}',
      ),
      refusedText("a __proto__ key", '"params":{"name":"read_file","arguments":{"__proto__":{}}}'),
      refusedText("nesting without end", `"params":{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`),
      check(
        "bytes that are no UTF-8",
        ALL,
        [client(new Uint8Array([0x7b, 0xff]))],
        refusedToClient,
      ),
      check("a batch", ALL, [client(`[${request(1, "ping")}]`)], refusedToClient),
      check(
        "what was judged is what is sent",
        ALL,
        [client(
          '{"id":1, "jsonrpc":"2.0","method":"t\\u006fols/call","params":{"name":"a","arguments":{"n":1.0}}}',
        )],
        exactly(
          "toUpstream",
          '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"n":1.0}}}',
        ),
      ),
    ],
    control: check(
      "a sound message is refused",
      ALL,
      [call(1, "read_file")],
      refusedToClient,
    ),
  },
  {
    name: "lists",
    checks: [
      check(
        "a list shows only what can be called",
        MOST,
        [
          client(request(1, "tools/list")),
          upstream(result(1, { tools: [{ name: "read_file" }, { name: "delete_file" }] })),
        ],
        exactly("toClient", result(1, { tools: [{ name: "read_file" }] })),
      ),
      check(
        "a list that cannot be read does not pass",
        MOST,
        [client(request(1, "tools/list")), upstream(result(1, { tools: "all" }))],
        endedWithError,
      ),
      check(
        "an unreadable answer ends its call",
        MOST,
        [
          client(request(1, "tools/list")),
          upstream(
            '{"jsonrpc":"2.0","id":1,"result":{"tools":[],"tools":[{"name":"delete_file"}]}}',
          ),
        ],
        endedWithError,
      ),
    ],
    control: check(
      "a denied tool is listed",
      MOST,
      [client(request(1, "tools/list")), upstream(result(1, { tools: [{ name: "delete_file" }] }))],
      exactly("toClient", result(1, { tools: [{ name: "delete_file" }] })),
    ),
  },
  {
    name: "server asks",
    checks: [
      check("sampling is refused", MOST, [asks("sampling/createMessage")], refusedToUpstream),
      check("elicitation is refused", MOST, [asks("elicitation/create")], refusedToUpstream),
      check("roots are refused", MOST, [asks("roots/list")], refusedToUpstream),
      check("a tool call by the server is refused", MOST, [asks("tools/call")], refusedToUpstream),
      check("ping passes", MOST, [asks("ping")], delivered),
      check(
        "a question on a result turns it into an error",
        MOST,
        [
          call(1, "read_file"),
          upstream(result(1, {
            resultType: "input_required",
            inputRequests: { a: { method: "sampling/createMessage", params: {} } },
          })),
        ],
        endedWithError,
      ),
      check("what is granted passes", ALL, [asks("roots/list")], delivered),
    ],
    control: check("sampling passes", MOST, [asks("sampling/createMessage")], delivered),
  },
  {
    name: "ids",
    checks: [
      check("an answer to nothing is dropped", ALL, [upstream(result(9, {}))], dropped),
      check(
        "a second answer is dropped",
        ALL,
        [call(1, "a"), upstream(result(1, {})), upstream(result(1, {}))],
        dropped,
      ),
      check('1 and "1" differ', ALL, [call(1, "a"), upstream(result("1", {}))], dropped),
      check(
        "an id in flight is not used twice",
        ALL,
        [call(1, "a"), call(1, "b")],
        refusedToClient,
      ),
      check(
        "progress of nothing is dropped",
        ALL,
        [upstream(notification("notifications/progress", { progressToken: 1, progress: 1 }))],
        dropped,
      ),
      check("a client's answer to nothing is dropped", ALL, [client(result(3, {}))], dropped),
      check("noise is dropped", ALL, [upstream("Listening on port 3000")], dropped),
    ],
    control: check(
      "the answer to a call is dropped",
      ALL,
      [call(1, "a"), upstream(result(1, {}))],
      dropped,
    ),
  },
  {
    name: "limits",
    checks: [
      check(
        "a rate holds",
        granting("*", "execute", ", rate: { capacity: 2, per: 1h }"),
        [call(1, "a"), call(2, "a"), call(3, "a")],
        refusedToClient,
      ),
      check(
        "an attempt limit counts refused calls too",
        NOTHING.replace("effect: deny", "effect: deny, attempts: { capacity: 2, per: 1h }"),
        [call(1, "a"), call(2, "a"), call(3, "a")],
        (last, all) =>
          refusedToClient(last, all) ??
            (last.toClient[0]?.includes("rate_limited") ? undefined : "it is not rate limited"),
      ),
      check(
        "an id of 2,000 bytes is refused",
        ALL,
        [client(request("x".repeat(2000), "ping"))],
        refusedToClient,
      ),
      check(
        "20,000 members are refused",
        ALL,
        [call(1, "a", Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, n])))],
        refusedToClient,
      ),
    ],
    control: check(
      "the second of two calls is over the rate",
      granting("*", "execute", ", rate: { capacity: 2, per: 1h }"),
      [call(1, "a"), call(2, "a")],
      refusedToClient,
    ),
  },
];

function check(
  name: string,
  policy: string,
  send: SelfCheck["send"],
  expect: SelfCheck["expect"],
): SelfCheck {
  return { name, policy, send, expect };
}

/** A request with these params is refused, under a policy that allows everything. */
function refusedText(name: string, params: string): SelfCheck {
  const frame = `{"jsonrpc":"2.0","id":1,"method":"tools/call",${params}}`;
  return check(name, ALL, [client(frame)], refusedToClient);
}

function asks(method: string): SelfCheck["send"][number] {
  return upstream(request(5, method, { messages: [], message: "m", name: "read_file" }));
}
