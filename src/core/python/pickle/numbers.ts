import { completed } from "../marked.js";
import type { Complete, PythonValue } from "../python-value.js";

/** Digits of a fraction that is brought to its lowest terms, which takes the square of them. */
const mostDigits = 10_000;

/** A complex number of two floats. */
export function makeComplex([real, imaginary, ...others]: readonly PythonValue[]): Complete | undefined {
  if (typeof real !== "number" || typeof imaginary !== "number" || others.length > 0) return undefined;
  return completed("complex", { real, imaginary }, `${exact(real)} ${exact(imaginary)}`);
}

/** A range of three integers. */
export function makeRange([start, stop, step, ...others]: readonly PythonValue[]): Complete | undefined {
  if (!isInteger(start) || !isInteger(stop) || !isInteger(step)) return undefined;
  if (BigInt(step) === 0n || others.length > 0) return undefined;
  return completed("range", { start, stop, step }, [start, stop, step].join(" "));
}

/** A decimal number, as Python writes it: its digits and exponent are part of it. */
export function makeDecimal([text, ...others]: readonly PythonValue[]): Complete | undefined {
  if (typeof text !== "string" || !decimal.test(text) || others.length > 0) return undefined;
  return completed("Decimal", { value: text });
}

const decimal = /^-?(?:\d+(?:\.\d+)?(?:E[+-]\d+)?|Infinity|s?NaN\d*)$/;

/** A fraction, of a text or of two integers. */
export function makeFraction([first, second, ...others]: readonly PythonValue[]): Complete | undefined {
  if (others.length > 0) return undefined;
  if (typeof first === "string" && second === undefined) {
    const [, top, bottom = "1"] = fraction.exec(first) ?? [];
    return top === undefined ? undefined : inLowestTerms(top, bottom);
  }
  return isInteger(first) && isInteger(second) ? inLowestTerms(String(first), String(second)) : undefined;
}

const fraction = /^(-?\d+)(?:\/(\d+))?$/;

function inLowestTerms(top: string, bottom: string): Complete | undefined {
  if (top.length + bottom.length > mostDigits) return undefined;
  const [numerator, denominator] = [BigInt(top), BigInt(bottom)];
  if (denominator <= 0n) return undefined;
  let [divisor, rest] = [numerator < 0n ? -numerator : numerator, denominator];
  while (rest > 0n) [divisor, rest] = [rest, divisor % rest];
  const whole = String(numerator / divisor);
  return completed("Fraction", {
    value: divisor === denominator ? whole : `${whole}/${String(denominator / divisor)}`,
  });
}

function isInteger(value: PythonValue | undefined): value is number | bigint {
  return typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
}

function exact(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
