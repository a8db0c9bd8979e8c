import type { DraftEffect, EventDraft } from "../event.js";
import type { Taken } from "../value/codec.js";
import { settings } from "./update.js";

/** What a context begins with. */
export interface Beginning {
  readonly name: Taken;
  readonly initial: ReadonlyMap<string, Taken>;
  readonly protect: readonly string[];
  readonly metadata: ReadonlyMap<string, Taken>;
  readonly limits: ReadonlyMap<string, Taken>;
}

/** The first event of a context: version 0, with its initial data and protected names. */
export function createContext({ name, initial, protect, metadata, limits }: Beginning): EventDraft {
  return {
    type: "context_created",
    effects: [
      { op: "set", scope: "context", key: "name", held: name },
      ...settings(initial),
      ...protect.map((key): DraftEffect => ({ op: "protect", scope: "protection", key })),
      ...facts("metadata", metadata),
      ...facts("limit", limits),
    ],
    details: { keys: [...initial.keys()] },
  };
}

function facts(scope: "metadata" | "limit", values: ReadonlyMap<string, Taken>): DraftEffect[] {
  return [...values].map(([key, held]) => ({ op: "set", scope, key, held }));
}
