import {
  ContextModel,
  erased,
  type ModelEffect,
  type ModelEntry,
  type ModelEvent,
  Refusal,
  type Scopes,
} from "./context-model.js";
import { deletions, fullName, planMerge, type Written } from "./model-merge.js";
import type { Strategy } from "./move.js";

/** What a store must be: contexts, those that are deleted and have forks among them. */
export class StoreModel {
  /** All that ever were, since forks share the events of deleted ones. */
  readonly all = new Set<ContextModel>();

  get contexts(): ContextModel[] {
    return [...this.all].filter(({ isDeleted }) => !isDeleted);
  }

  /** Makes a context as a store does that protects these names from the start. */
  create(id: string, initial: Readonly<Record<string, unknown>>, names: readonly string[]): ContextModel {
    const model = new ContextModel(id);
    const effects: ModelEffect[] = [
      ...Object.entries(initial).map(([key, value]): ModelEffect => ({ scope: "persistent", key, value })),
      ...names.map((key): ModelEffect => ({ scope: "protection", key, value: true })),
    ];
    model.unit(null, () => model.record("context_created", effects, "always"));
    this.all.add(model);
    return model;
  }

  isTaken(id: string): boolean {
    return this.contexts.some((one) => one.id === id);
  }

  /** A fork starts as its parent was; scratch data, snapshots and unmerged work stay behind. */
  fork(parent: ContextModel, id: string, sequence: number, actor: string | null): ContextModel {
    if (this.isTaken(id)) throw new Refusal("CONTEXT_EXISTS");
    const model = new ContextModel(id, { model: ownerOf(parent, sequence), sequence });
    const left = (["ephemeral", "snapshot", "unmerged"] as const).flatMap((scope) =>
      deletions([...model.scopes[scope].keys()], scope),
    );
    const lost = [...model.scopes.persistent].filter(([, { value }]) => value === erased).map(([key]) => key);
    model.unit(actor, () => model.record("context_forked", [...left, ...deletions(lost)], "always"));
    this.all.add(model);
    return model;
  }

  rename(model: ContextModel, id: string): null {
    if (model.id === id) return null;
    if (this.isTaken(id)) throw new Refusal("CONTEXT_EXISTS");
    model.record("context_renamed", [], "always");
    model.id = id;
    return null;
  }

  /** Deletes a context but for what its forks need, and what of its deleted ancestors only it had needed. */
  remove(model: ContextModel): void {
    model.isDeleted = true;
    const forks = [...this.all].filter(({ parent }) => parent?.model === model);
    model.events.length = Math.max(0, ...forks.map(({ parent }) => parent?.sequence ?? 0));
    if (forks.length > 0) return;
    this.all.delete(model);
    if (model.parent?.model.isDeleted === true) this.remove(model.parent.model);
  }

  /** Merges another context; what both started from is found by what was merged before. */
  merge(model: ContextModel, from: ContextModel, strategy: Strategy): Written {
    const base = strategy === "threeWay" ? baseOf(model, from) : undefined;
    const theirs = from.scopes.persistent;
    const offered = new Map([...theirs].map(([key, { value }]) => [fullName(key, strategy), value]));
    const removed = [...(base?.keys() ?? [])].filter((key) => !theirs.has(key));
    const { effects, outcome } = planMerge(model, strategy, { offered, removed, ...(base && { base }) });
    const head = from.events.at(-1);
    const mark: ModelEffect = { scope: "merge", key: nameOf(from), value: head };
    if (effects.length > 0) model.record("values_merged", [...effects, mark]);
    return outcome;
  }
}

/** The context that recorded an event of a line: what is forked before a fork began is its parent's fork. */
function ownerOf(model: ContextModel, sequence: number): ContextModel {
  const { parent } = model;
  return parent === undefined || sequence > parent.sequence ? model : ownerOf(parent.model, sequence);
}

const names = new WeakMap<ContextModel, string>();
let named = 0;

/** A name that a context keeps whatever it is called. */
function nameOf(model: ContextModel): string {
  const name = names.get(model) ?? `${(named += 1)}`;
  names.set(model, name);
  return name;
}

/** The state that two contexts have in common for last: where one took the other in, or where they parted. */
function baseOf(ours: ContextModel, from: ContextModel): Scopes["persistent"] {
  const taken = metAt(from, ours.scopes.merge.get(nameOf(from)));
  const given = metAt(ours, from.scopes.merge.get(nameOf(ours)));
  const isGivenLater =
    given !== undefined && (taken === undefined || given.event.sequence >= taken.mark.event.sequence);
  const met = isGivenLater ? { line: ours, event: given.event } : taken && { line: from, event: taken.event };
  if (met !== undefined) return met.line.stateAt(met.event.sequence).persistent;
  const shared = ours.events.findIndex((event, index) => from.events[index] !== event);
  const sequence = shared < 0 ? ours.sequence : shared;
  if (sequence === 0) throw new Refusal("BASE_REQUIRED");
  return ours.stateAt(sequence).persistent;
}

/** A merge that is remembered, if it was of this very history. */
function metAt(
  line: ContextModel,
  mark: ModelEntry | undefined,
): { readonly event: ModelEvent; readonly mark: ModelEntry } | undefined {
  // Only merges write to this scope, and they write the event that was the newest one then.
  const event = mark?.value as ModelEvent | undefined;
  if (mark === undefined || event === undefined || line.events[event.sequence - 1] !== event)
    return undefined;
  return { event, mark };
}
