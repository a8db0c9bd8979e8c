import { ContextError } from "../core/errors.js";

/**
 * Checks a count, or the number of something, where one is given.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkWhole(option: string, given: number | undefined): void {
  if (given === undefined || (Number.isSafeInteger(given) && given >= 0)) return;
  throw new ContextError("OPTION_INVALID", { option, why: "it is not a whole number" });
}

/**
 * Checks text, where some is given.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkText(option: string, given: string | undefined): void {
  if (given === undefined || typeof given === "string") return;
  throw new ContextError("OPTION_INVALID", { option, why: "it is not text" });
}

/**
 * Takes in a list of texts. It is looked at one by one, so that a long list of nothing is refused at once.
 * @throws {ContextError} OPTION_INVALID
 */
export function takeTexts(option: string, given: readonly string[]): readonly string[] {
  // A caller without types may pass anything.
  const list: unknown = given;
  if (!Array.isArray(list)) throw new ContextError("OPTION_INVALID", { option, why: "it is not a list" });
  const texts: string[] = [];
  for (const [index, text] of (list as readonly unknown[]).entries()) {
    if (typeof text !== "string") {
      throw new ContextError("OPTION_INVALID", { option, why: `number ${index} in it is not text` });
    }
    texts.push(text);
  }
  return texts;
}

/**
 * Checks what is either said or not.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkFlag(option: string, given: unknown): void {
  if (typeof given === "boolean") return;
  throw new ContextError("OPTION_INVALID", { option, why: "it is neither true nor false" });
}

/**
 * Checks that something can be called.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkFunction(option: string, given: unknown): void {
  if (typeof given === "function") return;
  throw new ContextError("OPTION_INVALID", { option, why: "it is not a function" });
}

/**
 * Checks a signal, where one is given.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkSignal(given: AbortSignal | undefined): void {
  if (given === undefined || given instanceof AbortSignal) return;
  throw new ContextError("OPTION_INVALID", { option: "signal", why: "it is no AbortSignal" });
}

/**
 * Checks the name of a file.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkFileName(option: string, given: string): string {
  const name: unknown = given;
  const invalid = (why: string) => new ContextError("OPTION_INVALID", { option, why });
  if (typeof name !== "string" || name === "") throw invalid("a file name was expected");
  if (name.includes("\0")) throw invalid("it contains a NUL character");
  return given;
}

/**
 * Checks that something is one of the words it may be.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkChoice(option: string, given: string, choices: readonly string[]): void {
  if (choices.includes(given)) return;
  const named = choices.map((choice) => JSON.stringify(choice)).join(", ");
  throw new ContextError("OPTION_INVALID", { option, why: `it is none of ${named}` });
}

/**
 * Checks text that goes to the database, where half a surrogate pair would come back as another character.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkWellFormed(option: string, given: string | undefined): void {
  checkText(option, given);
  if (given === undefined || !/[\uD800-\uDFFF]/u.test(given)) return;
  throw new ContextError("OPTION_INVALID", { option, why: "it contains half a surrogate pair" });
}

/**
 * Checks that options are an object at all, which a caller without types may have missed.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkObject<Options extends object>(option: string, given: Options): Options {
  const whatever: unknown = given;
  if (typeof whatever === "object" && whatever !== null) return given;
  throw new ContextError("OPTION_INVALID", { option, why: "it is not an object" });
}
