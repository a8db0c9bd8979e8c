import { type ContextEvent, diffValues, type KeyChange } from "../index.js";
import { differenceLines, type DifferenceLook, type Line } from "./difference-lines.js";
import { previewValue } from "./value-preview.js";

/** What is said of an event that is left out. */
export const skippedText = "Left out: what comes later meets a state without it.";

/** Tells what an event did: to the keys first, then to what else the store keeps of a context. */
export function* stepLines(
  event: ContextEvent,
  changed: readonly KeyChange[],
  look: DifferenceLook,
): Generator<Line, void, void> {
  yield* changeLines(changed, "persistent", look);
  yield* changeLines(changed, "ephemeral", { ...look, mark: "ephemeral" });
  for (const effect of event.effects) {
    const { op, scope, key } = effect;
    if (scope === "persistent" || scope === "ephemeral") continue;
    const value = "value" in effect ? `: ${previewValue(effect.value, look)}` : "";
    yield [{ text: `* ${op}`, style: "cyan" }, ` ${scope === "protection" ? "" : `${scope} `}${key}${value}`];
  }
}

/** Compares all keys at once: then a difference of many keys is bounded as a whole. */
function* changeLines(
  changed: readonly KeyChange[],
  scope: KeyChange["scope"],
  look: DifferenceLook,
): Generator<Line, void, void> {
  const own = changed.filter((change) => change.scope === scope);
  const before = own.flatMap((change) => ("before" in change ? [[change.key, change.before] as const] : []));
  const after = own.flatMap((change) => ("after" in change ? [[change.key, change.after] as const] : []));
  yield* differenceLines(diffValues(Object.fromEntries(before), Object.fromEntries(after)), look);
}
