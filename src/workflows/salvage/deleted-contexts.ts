import { parsePayload } from "../../core/payload.js";
import type { FoundEvent, Remains } from "../../engines/engine.js";
import type { Chains } from "./build-chains.js";
import type { Candidates } from "./candidates.js";
import { type Deletion, findDeletions } from "./store-stream.js";

/** Contexts that are no more, by their numbers, with the names that they had. */
export type Deleted = ReadonlyMap<number, string>;

/** Finds the contexts whose events are still there, for their forks or by chance, although they were deleted. */
export function findDeleted({ contexts }: Remains, candidates: Candidates, chains: Chains): Deleted {
  const rows = new Map(contexts.map((row) => [row.context, row]));
  const deletions = findDeletions(candidates);
  const deleted = new Map<number, string>();
  for (const context of candidates.contexts) {
    const row = rows.get(context);
    // A context that its table still lists was not deleted, whatever else it looks like.
    if (context === 0 || row?.isKept === false) continue;
    const events = candidates.of(context);
    const name = chains.get(context)?.name ?? nameIn(events) ?? "";
    if (row?.isKept === true || deletions.some((deletion) => isGone(deletion, name, events)))
      deleted.set(context, name);
  }
  return deleted;
}

/** Whether a deletion is of the context that has these events: it has the last of them, or came after all of them. */
function isGone(deletion: Deletion, name: string, events: readonly FoundEvent[]): boolean {
  if (events.some(({ record }) => record.hash === deletion.head)) return true;
  return (
    name === deletion.name &&
    events.every(({ position, record }) => position < deletion.position && record.sequence <= deletion.events)
  );
}

/** The name that the events of a context gave it last. */
export function nameIn(events: readonly FoundEvent[]): string | undefined {
  const newest = [...events].sort((a, b) => b.record.sequence - a.record.sequence);
  for (const { record } of newest) {
    const name = nameOfEvent(record.payload, record.sequence);
    if (name !== undefined) return name;
  }
  return undefined;
}

function nameOfEvent(text: string, sequence: number): string | undefined {
  try {
    const { effects } = parsePayload(text, { context: "", sequence });
    const value = effects.find(({ scope, key }) => scope === "context" && key === "name")?.value;
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
