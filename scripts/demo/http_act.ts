/**
 * Act 4: agents over HTTP, whose tokens say how much they may. What each is answered, and what the
 * demo claims of it.
 * @module
 */

import { Agent, type Answered, type Credentials } from "./agent.ts";
import { type Children, type Stagecraft, startChildren } from "./children.ts";
import { CLIENTS, forged } from "./issuer.ts";

/** The policy, from the root of the project. */
export const HTTP_POLICY = "policies/http_scopes.yaml";

const [READ, BOTH] = ["files:read", "files:read files:write"];
const PLAN = "plan.txt";
const FIRST = "As agreed\n";

/** One line of the table: who asked what, and what came of it. */
export interface Line {
  readonly who: string;
  readonly what: string;
  /** `403 insufficient_scope`, or `done`, or a number of tools. */
  readonly outcome: string;
  /** The scopes that were asked for or that are wanted. */
  readonly scope: string;
}

/** What an agent does, and the answers that are claimed. */
interface Scene {
  readonly who: string;
  readonly credentials: (about: About) => Promise<Credentials> | Credentials;
  readonly act: (agent: Agent, folder: string) => Promise<void>;
  /** `what`, outcome, scopes. */
  readonly claims: readonly (readonly [what: string, outcome: string, scope?: string])[];
}

/** What is known when a scene begins. */
interface About {
  readonly children: Children;
  /** A token that was issued for this proxy. */
  readonly token: string;
}

const REFUSED: Scene["claims"] = [["initialize", "401 invalid_token"]];
const CONNECTED: Scene["claims"] = [
  ["initialize", "401", READ],
  ["token", "issued", READ],
  ["initialize", "done"],
];
const WRITE = "tools/call write_file";

const SCENES: readonly Scene[] = [
  {
    who: "nobody",
    credentials: () => ({ kind: "none" }),
    act: connects,
    claims: [["initialize", "401", READ]],
  },
  {
    who: "reader",
    credentials: ({ children }) => client(CLIENTS.reader, children),
    act: async (agent, folder) => {
      await connects(agent);
      await agent.tools();
      await agent.call("read_text_file", { path: `${folder}/${PLAN}` });
      await write(agent, folder, "reader");
      await write(agent, folder, "reader");
    },
    claims: [
      ...CONNECTED,
      ["tools/list", "10 tools"],
      ["tools/call read_text_file", "done"],
      [WRITE, "403 insufficient_scope", BOTH],
      ["token", "400 invalid_scope", BOTH],
      [WRITE, "403 insufficient_scope", BOTH],
    ],
  },
  {
    who: "writer",
    credentials: ({ children }) => client(CLIENTS.writer, children),
    act: async (agent, folder) => {
      await connects(agent);
      await agent.tools();
      await write(agent, folder, "writer");
      await agent.tools();
    },
    claims: [
      ...CONNECTED,
      ["tools/list", "10 tools"],
      [WRITE, "403 insufficient_scope", BOTH],
      ["token", "issued", BOTH],
      [WRITE, "done"],
      ["tools/list", "14 tools"],
    ],
  },
  {
    who: "forger",
    credentials: async ({ token }) => ({ kind: "token", token: await forged(token) }),
    act: connects,
    claims: REFUSED,
  },
  {
    who: "stray",
    credentials: async ({ children }) => ({
      kind: "token",
      token: await tokenFor(new URL("http://127.0.0.1:1/mcp"), children),
    }),
    act: connects,
    claims: REFUSED,
  },
];

/** What the act showed. */
export interface HttpPerformance {
  readonly lines: readonly Line[];
  readonly claims: readonly Line[];
  /** The address of every request, and who stands for whom in the audit. */
  readonly url: string;
  readonly issuer: string;
  /** Whether the session of the writer outlived its first token. */
  readonly sameSession: boolean;
  /** What the file holds afterwards. */
  readonly plan: string;
}

/** Performs the act in a folder of its own. */
export async function performHttp(stagecraft: Stagecraft): Promise<HttpPerformance> {
  const { folder } = stagecraft;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/${PLAN}`, FIRST);
  await using children = await startChildren(stagecraft);
  const { url, issuer } = children;
  const token = await tokenFor(url, children);
  const lines: Line[] = [];
  let sessions = 0;
  for (const { who, credentials, act } of SCENES) {
    await using agent = new Agent(url, await credentials({ children, token }));
    await act(agent, folder);
    if (who === "writer") sessions = agent.sessions.size;
    lines.push(...agent.answers.map((answer) => lineOf(who, answer)));
  }
  return {
    lines,
    claims: SCENES.flatMap(({ who, claims }) =>
      claims.map(([what, outcome, scope = ""]) => ({ who, what, outcome, scope }))
    ),
    url: url.href,
    issuer,
    sameSession: sessions === 1,
    plan: await Deno.readTextFile(`${folder}/${PLAN}`),
  };
}

/** The words of an answer. */
function lineOf(who: string, { what, status, error, outcome, scope }: Answered): Line {
  const said = status === 200 ? outcome ?? (what === "token" ? "issued" : "done") : `${status}`;
  return { who, what, outcome: `${said} ${error}`.trim(), scope };
}

function connects(agent: Agent): Promise<void> {
  return agent.connect();
}

async function write(agent: Agent, folder: string, who: string): Promise<void> {
  const content = `Written by the ${who}\n`;
  await agent.call("write_file", { path: `${folder}/${PLAN}`, content });
}

function client(
  { id, secret }: { readonly id: string; readonly secret: string },
  { issuer }: Children,
): Credentials {
  return { kind: "client", id, secret, issuer };
}

/** A token of the reader for any resource, as the issuer gives it. */
async function tokenFor(resource: URL, { issuer }: Children): Promise<string> {
  const { id, secret } = CLIENTS.reader;
  const body = new URLSearchParams({
    ...{ grant_type: "client_credentials", scope: READ },
    ...{ client_id: id, client_secret: secret, resource: resource.href },
  });
  const response = await fetch(`${issuer}/token`, { method: "POST", body });
  return (await response.json()).access_token;
}
