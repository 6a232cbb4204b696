/**
 * Phrases that speak to a model, not to a person: heuristics, as data.
 *
 * None of them proves anything: the same words can stand in a manual.
 * @module
 */

/** What a place in a text is a sign of. */
export type Sign =
  /** Instructions, rules or safety are to be set aside. */
  | "sets-aside"
  /** Something is to be kept from the user. */
  | "secrecy"
  /** A model is spoken to or told what it must do. */
  | "addresses-model"
  /** Secrets, prompts or conversations are to be handed over. */
  | "hands-over"
  /** Other tools are to be used otherwise, or not at all. */
  | "redirects-tools"
  /** The reader is given another role. */
  | "new-role"
  /** A heading that claims authority over the reader. */
  | "claims-authority"
  /** Turns or delimiters of a conversation. */
  | "forged-turn"
  /** A link or image that would carry data away. */
  | "exfiltration"
  /** Text moved out of sight by white space. */
  | "out-of-sight";

/** One step of a phrase. */
export interface Step {
  /** Words that make it, in small letters. */
  readonly words: ReadonlySet<string>;
  /** How many words after the step before at most; 1 is the next word. */
  readonly within: number;
}

/** Words that follow one another within one sentence. */
export interface Phrase {
  readonly sign: Sign;
  readonly steps: readonly Step[];
  /** The phrase begins its sentence. */
  readonly first: boolean;
}

/** Sets of words, used by their names in braces. */
const SETS: Readonly<Record<string, string>> = {
  aside:
    "ignore|ignoring|disregard|disregarding|forget|override|overriding|bypass|bypassing|discard|skip|abandon|neglect|circumvent|disobey|suspend",
  off:
    "bypass|bypasses|bypassing|ignore|ignores|ignoring|skip|skips|skipping|disregard|override|overrides|circumvent|suspend",
  earlier:
    "previous|previously|prior|earlier|preceding|above|original|initial|existing|former|past|foregoing|your|system|developer|safety|all",
  orders:
    "instruction|instructions|directive|directives|prompt|prompts|guideline|guidelines|rules|restrictions|constraints|programming|commands|orders|safeguards|guardrails|policies|told",
  protection:
    "safety|security|content|moderation|sanitization|confirmation|validation|ethical|policy",
  protections:
    "filter|filters|filtering|check|checks|checking|restriction|restrictions|control|controls|guideline|guidelines|policy|policies|sanitization|validation|measure|measures|guardrail|guardrails|safeguard|safeguards|protocol|protocols|review|warning|warnings",
  not: "not|never|don't|dont|without|avoid",
  tell:
    "tell|telling|mention|mentioning|inform|informing|reveal|revealing|notify|notifying|alert|alerting|disclose|disclosing|explain",
  person: "user|users|user's|human|humans|customer|operator",
  ai: "ai|llm|assistant|chatbot|claude|chatgpt|copilot|gemini",
  act:
    "call|run|execute|read|send|fetch|open|forward|delete|ignore|include|pass|invoke|transfer|download|upload|post|always|never|immediately|comply|obey|proceed|visit",
  give:
    "send|forward|include|pass|attach|append|copy|upload|post|put|paste|provide|embed|transmit|exfiltrate|leak|share|email|insert|supply|add|bcc|cc",
  show:
    "reveal|print|output|repeat|show|display|provide|return|share|give|tell|dump|disclose|leak|summarize|recite",
  talk: "conversation|conversations|transcript|transcripts|chat|dialogue",
  file:
    "id_rsa|id_ed25519|ssh|env|netrc|passwd|shadow|credentials|kubeconfig|keychain|wallet|bashrc|history",
  key:
    "id_rsa|id_ed25519|ssh|netrc|passwd|shadow|credentials|api_key|apikey|openai_api_key|aws_secret_access_key|github_token|mcp.json",
};

/**
 * Phrases by sign. Words that may stand for each other are joined by `|`; `4:` before them lets up to
 * three other words stand in front; `^` begins the sentence.
 */
const PHRASES_BY_SIGN: readonly (readonly [Sign, readonly string[]])[] = [
  ["sets-aside", [
    "{aside} 4:{earlier} 4:{orders}",
    "{aside} everything|all|anything 4:above|before|previously|said|told",
    "forget|disregard the above|foregoing",
    "{off} 2:user|user's|human 2:confirmation|approval|consent|permission",
    "{off} 4:{protection} 4:{protections}",
    "disable|disables|disabling 4:safety|security|content|moderation|sanitization|ethical 4:{protections}",
    "{off}|disable|disables|disabling 4:all|any|every 4:restrictions|validation|confirmation|safeguards|guardrails|checks|safety",
    "without 2:validation|confirmation|restriction|restrictions or|checks|from 1:confirmation|validation|restriction|restrictions|the|user|approval|question",
    "trust all|any|every 2:user|input|inputs|commands|queries|requests|admin",
    "new|updated|revised|real|actual instruction|instructions|directive|directives supersede|supersedes|replace|replaces|override",
    "not|never|don't|stop 2:follow|following|obey|obeying|apply|comply|adhere 4:{earlier} 3:{orders}",
    "previous|prior|earlier|original|existing|your 2:instructions|rules|directives|guidelines|restrictions 4:are|is|were|have|has|no 3:void|obsolete|invalid|cancelled|canceled|superseded|revoked|longer|outdated|replaced|lifted|suspended",
    "priority|precedence over 6:instruction|instructions|prompt|rules|guidelines|directives",
    "supersede|supersedes|override|overrides 2:all|any|every|other|previous|your 3:instruction|instructions|prompts|directives|guidelines",
    "don't|never 2:ask|wait|request 4:confirmation|permission|approval|consent",
    "do not 2:ask|wait|request 5:confirmation|permission|approval|consent",
    // The same sentence in other languages that pages are written in.
    "ignoriere|ignorieren|vergiss|missachte|missachten 4:vorherigen|bisherigen|vorigen|früheren|obigen 4:anweisungen|anweisung|befehle|regeln|vorgaben",
    "ignore|ignorez|oublie|oubliez 3:instructions|consignes|directives|règles 2:précédentes|précédents|antérieures|ci-dessus",
    "ignora|ignore|ignorar|olvida|olvide 4:instrucciones|instruções|istruzioni|órdenes|reglas 2:anteriores|previas|precedenti|prévias",
    "ignora|ignorare|dimentica 4:precedenti 3:istruzioni",
    "игнорируй|игнорируйте|забудь|забудьте 3:предыдущие|прошлые|прежние 2:инструкции|указания|команды",
  ]],
  ["secrecy", [
    "{not} 4:{tell} 5:{person}",
    "{not} 2:tell|inform|notify|alert|warn them|him|her|anyone|anybody",
    "{not} 2:show|mention|reveal|report this|it|that 3:to 2:user|human|them|anyone",
    "no need to 2:tell|inform|notify|mention|alert 5:{person}",
    "{not} 2:talk|speak|talking about 8:user|users",
    "user|users|human 3:need|needs|should|must|does|doesn't 2:not 4:know|see|notice|learn",
    "without|not 3:user|user's|users 2:knowing|knowledge|noticing|awareness",
    "keep|hide|conceal this|it|that|these|everything 4:from 2:user|users|human|them",
    "keep|keeping 3:secret|hidden from 2:user|users|human",
    "not|never|don't be 2:shown|visible|mentioned|revealed|disclosed 4:user|users",
  ]],
  ["addresses-model", [
    "^{ai} please|must|you|your",
    "^ai|llm agent|agents|assistant|assistants|model|models 3:{act}",
    "note|notice|message|instruction|instructions|reminder|notes to|for {ai}|llms|assistants|agents",
    "note|notice|message|instruction|instructions|reminder|notes to|for the|any|all|every|an {ai}|llms|assistants|agents|agent",
    "{ai} must|should|shall|needs|will|has 3:{act}",
    "ai|llm|language agent|agents|assistant|assistants|model|models|system must|should|shall|needs|will 3:{act}",
    "if|when|as you|you're 1:are|an|a 2:ai|llm|language|an|a 2:ai|llm|model|assistant|agent|language",
    "ai|llm|model 3:reading|processing|summarizing this",
    "user has 2:pre-approved|preapproved|already|authorized|consented 4:following|approved|authorized|consented",
  ]],
  ["hands-over", [
    "{give} 4:entire|full|whole|complete|all|your|current 2:{talk}|prompt",
    "{give} the|your 2:{talk} 2:so|history|in|to|as",
    "{show} 5:your|the|system 4:system|initial|hidden|original|developer 3:prompt|prompts|instructions|message",
    "reveal|repeat|print|output|disclose|leak|provide 4:text 4:prompt|prompts|instructions",
    "reveal|repeat|print|disclose your 3:prompt|instructions|rules",
    "repeat|recite|print|output 3:words|text|everything 2:above",
    "everything the user",
    "collect|gather|dump|extract|list|harvest 6:{key}|environment|secrets|passwords 10:add|send|pass|post|include|put|append|upload|submit 8:to|in|as|into",
    "also|always|additionally 2:copy|send|forward|post|upload|write|append 6:to 2:http|https|www",
    "read|open|cat|fetch|load|run 8:and|then 2:pass|send|include|put|add|attach|post|paste|submit 3:content|contents|output 2:as|in|to|into|with",
    "always|also|silently|secretly|automatically 3:bcc|cc",
    "silently|secretly 3:{give}",
    "send|forward|upload|post|transmit|email|exfiltrate|copy 3:user's|user|users|their|private 3:emails|email|messages|files|data|credentials|passwords|secrets|tokens|contacts|history|documents|keys to",
    "send|forward|upload|post|transmit|exfiltrate|leak|include|pass 4:api|access|private|secret|session 2:key|keys|token|tokens|credentials|password|passwords 3:to|as|in",
    "exfiltrate 4:api|private|secret|secrets|credential|credentials|token|tokens|password|passwords|conversation|keys|user's",
    "read|open|cat|fetch|get|load|copy|access|read_file|call|use 8:{file} 12:pass|put|send|post|include|attach|paste|upload|submit|embed|supply|forward|write|add|insert|comment|parameter|argument",
    "contents|content|value|values|text|copy 8:{key} 8:passed|included|sent|attached|copied|pasted|provided|put",
    "pass|send|include|put|provide|attach|copy 3:contents|content|value|values|text 8:{key}|env|environment 8:as|in|to|into",
    "tell|inform|advise|ask the|your user|users 2:to|that 14:http|https|www|click|visit|download|password|login|re-enter",
  ]],
  ["redirects-tools", [
    "instead of any|all|every|the 2:other|others 3:tool|tools",
    "not|never|don't|stop 2:use|call|using|calling any|other 3:tool|tools",
    "if|when|whenever the|a user 2:asks|ask|mentions|requests|wants 6:call|invoke|run|transfer|send 4:first|before|silently",
    "all|every|any|outgoing 3:email|emails|message|messages|payment|payments|transfer|transfers|requests 2:must|should|are|shall|need|will 4:sent|forwarded|routed|redirected|copied|bcc'd 2:to|through|via",
    "replaces|replace all 2:other 3:tool|tools",
    "must|shall|will 2:send|forward|route|deliver|cc|bcc|copy 2:all|every|each 3:email|emails|payments|transfers 2:to|through|via",
    "even if|when the user 2:specifies|says|asks|wants|provides|requests|gave|names 4:another|other|otherwise|different",
    "other 2:tool|tools 2:are 2:compromised|unsafe|malicious|insecure|untrusted",
  ]],
  ["new-role", [
    "you are now 1:in|a|an|the|dan|no 3:unrestricted|jailbroken|developer|maintenance|admin|administrator|root|dan|longer|ai|assistant|model|debug",
    "from now on you are|will|must|should|act|answer|respond",
    "pretend to|you be|are 4:unrestricted|admin|administrator|root|system|another|ai",
    "jailbreak|jailbroken|jailbreak_mode",
    "system prompt override|update|replacement|extension",
    "enter|activate|enable 2:developer|maintenance|god|admin|dan|unrestricted|sudo mode",
  ]],
];

/** All phrases. */
export const PHRASES: readonly Phrase[] = PHRASES_BY_SIGN.flatMap(([sign, lines]) =>
  lines.map((line) => readPhrase(sign, line))
);

function readPhrase(sign: Sign, line: string): Phrase {
  const first = line.startsWith("^");
  return { sign, first, steps: line.slice(first ? 1 : 0).split(" ").map(readStep) };
}

function readStep(step: string): Step {
  const [, within = "1", list = ""] = /^(?:([0-9]+):)?(.+)$/.exec(step) ?? [];
  const words = list.replace(/\{([a-z]+)\}/g, (_, name: string) => SETS[name] ?? "").split("|");
  return { words: new Set(words), within: Number(within) };
}
