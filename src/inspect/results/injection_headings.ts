/**
 * Headings that claim authority over the reader: `[SYSTEM DIRECTIVE]`, `ACT AS:`. Heuristics.
 * @module
 */

import type { Sign } from "./injection_rules.ts";
import type { Mark } from "./mark.ts";

/** Capitals in brackets or before a colon; six words at most. */
const HEADING =
  /\[[ ]?([A-Z][A-Z _-]{2,48})\]|(?<![\p{L}\p{N}_-])([A-Z][A-Z_-]{1,16}(?: [A-Z_-]{2,16}){0,5}):/gu;

/** Who claims to speak. */
const SPEAKER =
  /\b(?:SYSTEM|ADMIN|ADMINISTRATOR|ROOT|DEVELOPER|HIDDEN|SECRET|EMERGENCY|ROLE|METADATA|ASSISTANT|AGENT|AI|LLM|MODEL|INTERNAL|POLICY)\b/;
/** What makes it an order whatever follows. */
const ORDER = /\b(?:DIRECTIVES?|OVERRIDE|JAILBREAK|BYPASS)\b/;
/** What makes it an order from a speaker. */
const MESSAGE =
  /\b(?:INSTRUCTIONS?|PROMPT|COMMANDS?|MESSAGE|NOTE|NOTICE|UPDATE|ALERT|ANNOUNCEMENT)\b/;
/** Words of an order, in what follows a heading that could also be a log's. */
const IMPERATIVE =
  /\b(?:you|your|must|always|never|trust|bypass|ignore|disregard|run|execute|call|send|forward|fetch|reveal|do not|don't|allow all|from now on)\b/i;
const REACH = 160;

/** The same in small letters, where only a colon sets it apart. */
const ANNOUNCEMENT =
  /\b(?:(?:system|admin|administrator|developer) (?:message|notice|note|override|directive|instructions?|command)|(?:new|updated|revised) (?:instructions?|directives?|orders|system prompt))(?: (?:from|for|to)(?: [\w-]{1,20}){1,3})?:/gi;

/** A model called by its name: `Dear assistant,`, `To the AI agent:`. A bare `Assistant:` is a line of a chat. */
const CALL =
  /(?<![\w-])(?:(?:(?:dear|hey|hi|hello|attention|note to|note for|message to|message for|instructions for|to|for)(?: the| all| any)?[,:]? (?:ai|llm|assistant|chatbot|claude|chatgpt|copilot|gemini|language model|model|agent)(?: (?:assistant|agent|model))?s?|(?:ai|llm) (?:assistant|agent|model)s?) ?[:,!]|(?<=(?:^|[.!?>\n][ \n]?))(?:assistant|claude|chatgpt|copilot|gemini),) /gi;

/** A turn that begins amid other text. */
const TURN = /(?<=[^\s:][ \t]{0,4}\n\n)(?:Human|User|System): /;

/** Every heading that orders holds a word in capitals. */
const CAPITALS = /[A-Z]{2}/;
/** How an announcement and a call end, sought from their marks, of which a text has few. */
const ANNOUNCED =
  /:(?<= (?:message|notice|note|override|directives?|instructions?|command|orders|system prompt)(?: (?:from|for|to)(?: [\w-]{1,20}){1,3})?:)/i;
const CALLED =
  /[:,!](?<=(?:ai|llm|assistant|chatbot|claude|chatgpt|copilot|gemini|model|agent)s? ?[:,!]) /i;

/** Finds headings that order. Linear: what is matched and what is looked at behind it are bounded. */
export function headingMarks(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  const hasColon = text.includes(":");
  if ((hasColon || text.includes("[")) && CAPITALS.test(text)) {
    for (const match of text.matchAll(HEADING)) addHeading(match);
  }
  if (hasColon && ANNOUNCED.test(text)) {
    for (const match of text.matchAll(ANNOUNCEMENT)) addOrdering("claims-authority", match);
  }
  if (CALLED.test(text)) {
    for (const match of text.matchAll(CALL)) addOrdering("addresses-model", match);
  }
  const turn = hasColon && text.includes("\n\n") ? TURN.exec(text) : null;
  if (turn !== null) addOrdering("forged-turn", turn);
  return marks;

  function addHeading(match: RegExpExecArray): void {
    const [whole, bracketed, plain] = match;
    const end = match.index + whole.length;
    if (orders(bracketed ?? plain ?? "", text.slice(end, end + REACH))) {
      marks.push({ sign: "claims-authority", start: match.index, end });
    }
  }

  function addOrdering(sign: Sign, match: RegExpExecArray): void {
    const end = match.index + match[0].length;
    if (IMPERATIVE.test(text.slice(end, end + REACH))) {
      marks.push({ sign, start: match.index, end });
    }
  }
}

function orders(heading: string, follows: string): boolean {
  if (heading === "ACT AS" || ORDER.test(heading) && heading.includes(" ")) return true;
  if (!SPEAKER.test(heading)) return false;
  if (/^(?:HIDDEN|SECRET) INSTRUCTIONS?$/.test(heading)) return true;
  return (MESSAGE.test(heading) || heading === "SYSTEM") && IMPERATIVE.test(follows);
}
