import type { Ground, Ordeal } from "./ordeal.js";
export function* wordOrdeals({ folder }: Ground): Generator<Ordeal> {
  if (folder === "x") yield { what: "", face: () => "right" };
}
