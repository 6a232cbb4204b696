/**
 * In which way a value does not fit a schema, in words for the client.
 * @module
 */

/** The first thing that does not fit. */
export interface SchemaViolation {
  /** JSON pointer of the argument, `""` for all of them; a long name of the caller's at its end is cut. */
  readonly pointer: string;
  /** One clause that completes "the argument …"; quotes names of the schema only. */
  readonly detail: string;
}

/** What a validator says of a failure: the parts of ajv's error objects that are read. */
export interface ValidatorError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
}

const MAX_NAME = 80; // UTF-16 units of a name that is quoted

/** Puts the errors of a failed validation into one violation. A union's own error comes last and says most. */
export function violationOf(errors: readonly ValidatorError[]): SchemaViolation {
  const error = errors.findLast(({ keyword }) => keyword !== "if");
  if (error === undefined) return { pointer: "", detail: "does not fit the tool's schema" };
  const { instancePath, params } = error;
  switch (error.keyword) {
    case "type":
      return { pointer: instancePath, detail: `must be of type ${typesOf(params["type"])}` };
    case "x-safe-integer":
      return { pointer: instancePath, detail: "must be an integer within ±(2^53 − 1)" };
    case "required":
    case "dependentRequired":
      return { pointer: below(instancePath, params["missingProperty"]), detail: "is missing" };
    case "additionalProperties":
      return unknownProperty(instancePath, params["additionalProperty"]);
    case "unevaluatedProperties":
      return unknownProperty(instancePath, params["unevaluatedProperty"]);
    case "x-twins":
      return {
        pointer: below(instancePath, params["twin"]),
        detail: `is a look-alike of "${shortened(String(params["name"]))}"`,
      };
    case "enum":
    case "const":
      return { pointer: instancePath, detail: "must be one of the values that the tool lists" };
    case "pattern":
      return { pointer: instancePath, detail: "does not match the tool's pattern" };
    case "anyOf":
    case "oneOf":
      return { pointer: instancePath, detail: "has none of the forms that the tool takes" };
    case "minLength":
    case "maxLength":
    case "minItems":
    case "maxItems":
    case "minProperties":
    case "maxProperties":
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
    case "multipleOf":
      return { pointer: instancePath, detail: shortened(error.message ?? "is out of range") };
    default: // the keywords that nest, and whatever ajv adds
      return { pointer: instancePath, detail: "does not fit the tool's schema" };
  }
}

function unknownProperty(instancePath: string, name: unknown): SchemaViolation {
  return { pointer: below(instancePath, name), detail: "is none that the tool takes" };
}

function below(pointer: string, name: unknown): string {
  return `${pointer}/${shortened(String(name)).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function typesOf(type: unknown): string {
  return Array.isArray(type) ? type.join(" or ") : String(type);
}

function shortened(text: string): string {
  return text.length <= MAX_NAME ? text : `${text.slice(0, MAX_NAME)}…`;
}
