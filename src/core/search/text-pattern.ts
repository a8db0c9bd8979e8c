import { ContextError } from "../errors.js";

/** What to search texts for. */
export interface TextPattern {
  /** Where in a text the first match begins; negative where there is none. */
  readonly find: (text: string) => number;
  /** Whether a JSON text may hold a text that matches; false is certain, and found without parsing it. */
  readonly mayFit: (json: string) => boolean;
}

/**
 * Makes a pattern of a text, which is found wherever it occurs, or of a regular expression, whose own state is
 * neither used nor touched.
 * @throws {ContextError} OPTION_INVALID
 */
export function patternOf(pattern: string | RegExp): TextPattern {
  if (pattern instanceof RegExp) return expressionPattern(pattern);
  if (typeof pattern !== "string") throw unfit("it is neither text nor a RegExp");
  if (pattern === "") throw unfit("an empty text is everywhere");
  return literalPattern(pattern);
}

function unfit(why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option: "pattern", why });
}

function literalPattern(literal: string): TextPattern {
  const needle = escaped(literal);
  return {
    find: (text) => text.indexOf(literal),
    mayFit: (json) => json.includes(needle),
  };
}

/**
 * A text as it stands inside JSON strings. Half a surrogate pair at an end is left out: JSON escapes it where
 * it is alone, and writes it as it is where the other half is beside it.
 */
function escaped(literal: string): string {
  const inner = literal.replace(/^[\udc00-\udfff]/, "").replace(/[\ud800-\udbff]$/, "");
  return JSON.stringify(inner).slice(1, -1);
}

function expressionPattern({ source, flags }: RegExp): TextPattern {
  // A global or sticky expression would begin where its last match ended.
  const expression = new RegExp(source, flags.replaceAll(/[gy]/g, ""));
  return {
    find: (text) => expression.exec(text)?.index ?? -1,
    mayFit: () => true,
  };
}
