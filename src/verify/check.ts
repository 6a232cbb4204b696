/**
 * What a self-check is: bytes sent through a real gateway, and what must come of them.
 * @module
 */

/** Bytes of one side, as text (a line without its end) or as they are. */
export interface Sent {
  readonly from: "client" | "upstream";
  readonly frame: string | Uint8Array;
}

/** What one frame led to. */
export interface Seen {
  /** Texts that reached the client because of it. */
  readonly toClient: readonly string[];
  /** Texts that reached the upstream because of it. */
  readonly toUpstream: readonly string[];
}

/** One promise of the program. */
export interface SelfCheck {
  readonly name: string;
  /** The policy it is played under, in YAML. */
  readonly policy: string;
  readonly send: readonly Sent[];
  /** Says why the promise is broken, or nothing when it is kept. Sees the last frame's consequences. */
  readonly expect: Expectation;
}

/** Judges what was seen; `audit` holds the lines' reasons in order. */
export type Expectation = (last: Seen, all: readonly Seen[]) => string | undefined;

/** Checks of one concern, and a control: the same kind of check, played where it must fail. */
export interface CheckGroup {
  readonly name: string;
  readonly checks: readonly SelfCheck[];
  /** Expects what does not happen here; if it passes, the group's checks prove nothing. */
  readonly control: SelfCheck;
}

/** Nothing reached the other side, and the sender was told no. */
export const refusedToClient: Expectation = ({ toClient, toUpstream }) => {
  if (toUpstream.length > 0) return `it reached the server: ${shown(toUpstream)}`;
  const [answer] = toClient;
  if (answer === undefined) return "the client was not answered";
  return isRefusal(answer) ? undefined : `the answer is no refusal: ${shown(toClient)}`;
};

/** It reached the server, and the client heard nothing yet. */
export const forwarded: Expectation = ({ toClient, toUpstream }) =>
  toUpstream.length === 1 && toClient.length === 0
    ? undefined
    : `it did not simply reach the server: ${shown(toUpstream)} / ${shown(toClient)}`;

/** It reached the client, and the server heard nothing. */
export const delivered: Expectation = ({ toClient, toUpstream }) =>
  toClient.length === 1 && toUpstream.length === 0
    ? undefined
    : `it did not simply reach the client: ${shown(toClient)} / ${shown(toUpstream)}`;

/** It reached nobody, and nobody was answered. */
export const dropped: Expectation = ({ toClient, toUpstream }) =>
  toClient.length + toUpstream.length === 0
    ? undefined
    : `it left traces: ${shown(toClient)} / ${shown(toUpstream)}`;

/** The server was told no, and the client heard nothing. */
export const refusedToUpstream: Expectation = ({ toClient, toUpstream }) => {
  if (toClient.length > 0) return `it reached the client: ${shown(toClient)}`;
  const [answer] = toUpstream;
  return answer !== undefined && isRefusal(answer) ? undefined : "the server was not refused";
};

/** The call ended with an error for the client. */
export const endedWithError: Expectation = ({ toClient }) => {
  const [answer] = toClient;
  return answer !== undefined && isRefusal(answer)
    ? undefined
    : `the client got no error: ${shown(toClient)}`;
};

/** The one text that reached a side, compared as a whole. */
export function exactly(side: keyof Seen, text: string): Expectation {
  return (last) =>
    last[side].length === 1 && last[side][0] === text
      ? undefined
      : `expected ${text}, got ${shown(last[side])}`;
}

function isRefusal(text: string): boolean {
  return /"reason":"[a-z_]+"/.test(text) && /"error":|"isError":true/.test(text);
}

function shown(texts: readonly string[]): string {
  return texts.length === 0 ? "nothing" : texts.map((text) => text.slice(0, 160)).join(" | ");
}
