/**
 * The parser: the one file that knows `unbash`.
 * @module
 */

export { parse } from "unbash";
export type {
  ArithmeticExpression,
  ArrayValue,
  Assignment,
  Command,
  CommandExpansionPart,
  HereDoc,
  ParsedScript,
  ProcessSubstitutionPart,
  Redirection,
  SyntaxNode,
  TestExpression,
  Word,
  WordPart as SourcePart,
} from "unbash";
