/**
 * Markup that speaks to a model or carries data away: forged turns, links with a place for data, text
 * moved out of sight. Heuristics.
 * @module
 */

import { carriedSecret } from "../../grammar/carried_secrets.ts";
import type { Mark } from "./mark.ts";

/** Finds such markup. Linear: every pattern is bounded. */
export function markupMarks(text: string): readonly Mark[] {
  return [...forgedTurns(text), ...carriers(text), ...outOfSight(text)];
}

/** Delimiters of chat templates and of tool results, which only a host may write. */
const TURN = new RegExp(
  [
    String
      .raw`<\|(?:im_start|im_end|im_sep|endoftext|system|user|assistant|end|eot_id|start_header_id|end_of_turn)\|>`,
    String
      .raw`<\/?(?:tool_result|tool_results|tool_response|tool_output|function_results?|function_response|function_calls|system|system_prompt|system-reminder|assistant)>`,
    String.raw`<\/?(?:start|end)_of_turn>|\[\/?INST\]|<<\/?SYS>>`,
    String.raw`\[(?:system|assistant|developer)\]\(#`,
    String.raw`\[(?:hidden|system|secret|instructions?|admin)\](?=[^[\]]{8,400}\[\/)`,
    String.raw`#{3,8} ?SYSTEM ?#{3,8}`,
    String.raw`#{2,4} (?:System|Instruction|Assistant)(?: prompt)?:`,
    String
      .raw`[-=#*[<]{1,8} ?end of (?:the )?(?:tool|function|document|search|user|system|web|file)s? ?(?:page|call|query)? ?(?:output|results?|response|input|prompt|data|content)`,
  ].join("|"),
  "gi",
);
/** How all of them begin. */
const TURN_START = /[<[#]|[-=*] ?end of/i;
const QUOTES = /["'\x60“”]/;

function forgedTurns(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  if (!TURN_START.test(text)) return marks;
  for (const match of text.matchAll(TURN)) {
    const end = match.index + match[0].length;
    const quoted = QUOTES.test(text.charAt(match.index - 1)) && QUOTES.test(text.charAt(end));
    if (!quoted) marks.push({ sign: "forged-turn", start: match.index, end });
  }
  return marks;
}

const LINK =
  /(!?)\[[^[\]\n]{0,200}\]\([ \t]{0,4}<?(https?:\/\/[^\s()]{1,1024})|<(img)\b[^<>]{0,200}?\bsrc=["']?(https?:\/\/[^\s"'<>]{1,1024})/gi;
const IMAGE = /<img/i;
const PLACE = /\{\{?[^{}]{1,64}\}|\$\{?[A-Za-z_]|%7B|<[A-Za-z_ ]{2,40}>|\[[A-Z_]{3,40}\]/i;
const PRIVATE =
  /conversation|history|transcript|secret|token|api.?key|password|credential|prompt|context|message|summary|answer|user.?data|env/i;

function carriers(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  if (!text.includes("](") && !IMAGE.test(text)) return marks;
  for (const match of text.matchAll(LINK)) {
    const [whole, bang, link, tag, source] = match;
    const url = link ?? source ?? "";
    const query = url.slice(Math.max(url.indexOf("?"), url.indexOf("/", 8)));
    const place = PLACE.exec(query);
    const image = bang === "!" || tag !== undefined;
    if (
      place !== null && (image && query.includes("?") || PRIVATE.test(query.slice(place.index))) ||
      carriedSecret(url) !== undefined
    ) {
      marks.push({ sign: "exfiltration", start: match.index, end: match.index + whole.length });
    }
  }
  return marks;
}

const SHORTEST_GAP = 40;
const LINES = 150; // Screens of nothing; pages made from templates have up to a hundred.
const COLUMNS = 400; // Wider than a screen; tables in Markdown pad wider, up to their bar.

function outOfSight(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  for (let probe = SHORTEST_GAP - 1; probe < text.length; probe += SHORTEST_GAP) {
    if (!isSpace(text.charCodeAt(probe))) continue;
    const { start, end } = gapAround(text, probe);
    if (end === text.length) break;
    probe = Math.max(probe, end); // no shorter gap begins before the next look
    if (end - start < SHORTEST_GAP || text.charAt(end) === "|") continue;
    const lines = text.slice(start, end).split("\n");
    if (lines.length > LINES || lines.some((line) => line.length > COLUMNS)) {
      marks.push({ sign: "out-of-sight", start, end });
    }
  }
  return marks;
}

function gapAround(text: string, at: number): { readonly start: number; readonly end: number } {
  let start = at;
  let end = at + 1;
  while (start > 0 && isSpace(text.charCodeAt(start - 1))) start--;
  while (end < text.length && isSpace(text.charCodeAt(end))) end++;
  return { start, end };
}

/** Like `\s`. */
function isSpace(code: number): boolean {
  return code === 0x20 || code >= 0x09 && code <= 0x0d ||
    code >= 0x80 && /\s/.test(String.fromCharCode(code));
}
