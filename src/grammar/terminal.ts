/**
 * Escape sequences of terminals: where one ends.
 * @module
 */

/** The longest string sequence (a title, a link, an image) that is taken as one. */
const MAX_STRING = 4096;
// Parameters, intermediates, final: ECMA-48, 5.4.
const CONTROL_SEQUENCE = /[0-?]*[ -/]*[@-~]?/y;
const SHORT_SEQUENCE = /[ -/]*[0-~]?/y;
/** ST in both spellings, and BEL, which xterm takes for it. */
const TERMINATOR = new RegExp(String.raw`[\u0007\u009c]|\u001b\\`, "g");

/** Measures the escape sequences of one text, in order. */
export interface TerminalReader {
  /**
   * The end of the sequence that begins at `at`, or `undefined` when none does. Ask for rising
   * places, as terminators are looked for once.
   */
  endOf(at: number): number | undefined;
}

/** Reads a text's escape sequences, with seven and with eight bits: `ESC [` and U+009B. */
export function readTerminal(text: string): TerminalReader {
  let terminator = -1;
  let afterTerminator = -1;
  return { endOf };

  function endOf(at: number): number | undefined {
    switch (text.charCodeAt(at)) {
      case 0x1b:
        return afterEscape(at + 1);
      case 0x9b:
        return matchEnd(CONTROL_SEQUENCE, at + 1);
      case 0x90:
      case 0x98:
      case 0x9d:
      case 0x9e:
      case 0x9f:
        return stringEnd(at + 1);
      default:
        return undefined;
    }
  }

  function afterEscape(at: number): number {
    switch (text.charAt(at)) {
      case "[":
        return matchEnd(CONTROL_SEQUENCE, at + 1);
      case "]":
      case "P":
      case "X":
      case "^":
      case "_":
        return stringEnd(at + 1);
      default:
        return matchEnd(SHORT_SEQUENCE, at);
    }
  }

  /** A string without an end in reach is only its introducer, so that it hides no more than that. */
  function stringEnd(at: number): number {
    if (terminator < at) {
      TERMINATOR.lastIndex = at;
      const found = TERMINATOR.exec(text);
      terminator = found?.index ?? Infinity;
      afterTerminator = TERMINATOR.lastIndex;
    }
    return terminator - at <= MAX_STRING ? afterTerminator : at;
  }

  function matchEnd(pattern: RegExp, at: number): number {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : at;
  }
}
