import type { Vector } from "./embedding.js";

/** How near an item's nearest vector is to a query's, by their cosine; undefined where it has none of that length. */
export function similarity(query: Vector, vectors: readonly Vector[]): number | undefined {
  const scores = vectors
    .filter(({ length }) => length === query.length)
    .map((vector) => cosine(query, vector));
  return scores.length === 0 ? undefined : scores.reduce((best, score) => Math.max(best, score));
}

function cosine(query: Vector, vector: Vector): number {
  const length = norm(query) * norm(vector);
  return length === 0 ? 0 : dot(query, vector) / length;
}

function norm(vector: Vector): number {
  return Math.sqrt(dot(vector, vector));
}

function dot(one: Vector, other: Vector): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}
