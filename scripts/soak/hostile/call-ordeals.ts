import type { Ground, Ordeal } from "./ordeal.js";
export function* faceCalls({ folder }: Ground): Generator<Ordeal> {
  if (folder === "x") yield { what: "", face: () => "right" };
}
