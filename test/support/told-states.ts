import type { ContextEvent } from "../../src/index.js";
import type { AnyContext } from "./each-engine.js";

/** What the events up to one say. */
export interface Told {
  readonly version: number;
  readonly persistent: ReadonlyMap<string, unknown>;
  readonly ephemeral: ReadonlyMap<string, unknown>;
  readonly isProtected: ReadonlySet<string>;
}

/** The state after each event, by its number, made of nothing but the events' effects. */
export function statesOf(events: readonly ContextEvent[]): ReadonlyMap<number, Told> {
  const states = new Map<number, Told>();
  let [persistent, ephemeral, isProtected] = [
    new Map<string, unknown>(),
    new Map<string, unknown>(),
    new Set<string>(),
  ];
  for (const { effects, sequence, version } of events) {
    [persistent, ephemeral, isProtected] = [new Map(persistent), new Map(ephemeral), new Set(isProtected)];
    for (const { op, scope, key, ...rest } of effects) {
      const keys = scope === "persistent" ? persistent : scope === "ephemeral" ? ephemeral : undefined;
      if (op === "set") keys?.set(key, "value" in rest ? rest.value : undefined);
      else if (op === "delete") keys?.delete(key);
      else if (op === "protect") isProtected.add(key);
      else isProtected.delete(key);
    }
    states.set(sequence, { version, persistent, ephemeral, isProtected });
  }
  return states;
}

/** What a context shows of itself. */
export function tell(ctx: AnyContext): unknown {
  const { id, version, sequence, persistent, ephemeral, protectedKeys, metadata } = ctx;
  return [
    id,
    version,
    sequence,
    Object.entries(persistent),
    Object.entries(ephemeral),
    protectedKeys,
    metadata,
  ];
}
