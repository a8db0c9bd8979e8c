import type { Budget } from "./budget.js";
import { matchCommon } from "./common-matches.js";
import type { Gap } from "./gaps.js";
import { Numbering, tokenize } from "./numbering.js";

/** Where two texts differ, in characters; one side may be empty. */
export type Stretch = Gap;

/** Gives where each token of a text ends. */
type Cut = (text: string) => number[];

interface Means {
  readonly cut: Cut;
  readonly budget: Budget;
}

/** Texts of more tokens than that are not compared: two megabytes of lines of ten characters each have as many. */
const maximumTokens = 200_000;

/** Lists, in order, where two texts differ within a stretch, token by token. */
export function diffTokens(
  before: string,
  after: string,
  within: Stretch,
  { cut, budget }: Means,
): Stretch[] {
  const numbering = new Numbering();
  const a = cutToTokens(before.slice(within.fromA, within.toA), cut, numbering);
  const b = cutToTokens(after.slice(within.fromB, within.toB), cut, numbering);
  if (a === undefined || b === undefined) return [within];
  const matches = matchCommon(a.tokens, b.tokens, budget);
  const stretches: Stretch[] = [];
  let [i, j] = [0, 0];
  for (let place = 0; place <= matches.length; place++) {
    const match = place === matches.length ? b.tokens.length : (matches[place] ?? -1);
    if (match < 0) continue;
    if (place > i || match > j) {
      stretches.push({
        fromA: within.fromA + startOf(a.ends, i),
        toA: within.fromA + startOf(a.ends, place),
        fromB: within.fromB + startOf(b.ends, j),
        toB: within.fromB + startOf(b.ends, match),
      });
    }
    [i, j] = [place + 1, match + 1];
  }
  return stretches;
}

function startOf(ends: readonly number[], token: number): number {
  return ends[token - 1] ?? 0;
}

interface Tokens {
  readonly tokens: Int32Array;
  readonly ends: readonly number[];
}

function cutToTokens(text: string, cut: Cut, numbering: Numbering): Tokens | undefined {
  const ends = cut(text);
  if (ends.length > maximumTokens) return undefined;
  return { ends, tokens: tokenize(ends, (end, i) => numbering.get(text.slice(startOf(ends, i), end))) };
}
