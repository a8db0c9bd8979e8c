/** An integer as a number where one holds it exactly. */
export function shortest(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}
