import { type Context, type ContextEvent, diff, type Difference } from "../index.js";

/** What an event changed of the persistent keys. */
export function differenceOf(context: Context, { sequence, effects }: ContextEvent): Difference {
  if (!effects.some(({ scope }) => scope === "persistent")) return [];
  if (sequence === 1) return diff({}, context.at({ sequence }));
  return context.diff({ sequence: sequence - 1 }, { sequence });
}
