import {
  type ContextModel,
  erased,
  gone,
  type ModelEffect,
  type ModelEntry,
  Refusal,
  same,
} from "./context-model.js";
import { deletions, fullName, planMerge, type Written } from "./model-merge.js";
import type { Move, Simple, Strategy, Values, Work } from "./move.js";

/** Does to a model what a move of one context does, and gives what its caller has to be told. */
export function makeSimple(model: ContextModel, move: Simple): unknown {
  if ("values" in move) return mergeValues(model, move.verb, move.values);
  switch (move.verb) {
    case "set":
      return write(model, "value_set", move.key, move.value);
    case "append":
      return write(
        model,
        "value_edited",
        move.key,
        appended(model.scopes.persistent.get(move.key)?.value, move.value),
      );
    case "setEphemeral":
      return scribble(model, move.key, move.value);
    case "delete":
      return remove(model, move.key);
    case "protect":
    case "unprotect":
      return protect(model, move.verb, move.key);
    case "clearEphemeral": {
      const keys = [...model.scopes.ephemeral.keys()];
      model.record("ephemeral_cleared", deletions(keys, "ephemeral"));
      return keys;
    }
    case "setMetadata":
      return describe(model, "metadata_changed", "metadata", move.name, move.value);
  }
}

/** A list that grows, but not for ever. */
export function appended(list: unknown, value: unknown): unknown[] {
  return [...(Array.isArray(list) ? (list as unknown[]) : []), value].slice(-30);
}

const mergers = {
  update: "update",
  overwrite: "update",
  safe: "safe",
  replace: "replace",
  prefixed: "prefixed",
} as const;

function mergeValues(model: ContextModel, verb: keyof typeof mergers, values: Values): Written {
  const strategy = mergers[verb];
  const offered = new Map(Object.entries(values).map(([key, value]) => [fullName(key, strategy), value]));
  const { effects, outcome } = planMerge(model, strategy, { offered, removed: [] });
  model.record(verb === "update" ? "values_updated" : "values_merged", effects);
  return outcome;
}

function write(model: ContextModel, type: string, key: string, value: unknown): unknown {
  const present = model.scopes.persistent.get(key);
  if (present !== undefined && same(present.value, value)) return told(type, present.value);
  if (model.isGuarded(key)) throw new Refusal("KEY_PROTECTED");
  model.record(type, [{ scope: "persistent", key, value }]);
  return told(type, value);
}

/** An edit gives the value; setting one gives nothing. */
function told(type: string, value: unknown): unknown {
  return type === "value_edited" ? value : null;
}

function scribble(model: ContextModel, key: string, value: unknown): null {
  if (model.has("protection", key)) throw new Refusal("KEY_PROTECTED");
  const present = model.scopes.ephemeral.get(key);
  if (present === undefined || !same(present.value, value))
    model.record("ephemeral_set", [{ scope: "ephemeral", key, value }]);
  return null;
}

function remove(model: ContextModel, key: string): boolean {
  if (model.isGuarded(key)) throw new Refusal("KEY_PROTECTED");
  const holders = (["persistent", "ephemeral"] as const).filter((scope) => model.has(scope, key));
  model.record(
    "value_deleted",
    holders.flatMap((scope) => deletions([key], scope)),
  );
  return holders.length > 0;
}

function protect(model: ContextModel, verb: "protect" | "unprotect", key: string): boolean {
  if (model.has("protection", key) === (verb === "protect")) return false;
  const value = verb === "protect" ? true : gone;
  model.record(`key_${verb}ed`, [{ scope: "protection", key, value }]);
  return true;
}

export function describe(
  model: ContextModel,
  type: string,
  scope: "metadata" | "limit",
  key: string,
  value: unknown,
): null {
  const present = model.scopes[scope].get(key);
  if (value === undefined) model.record(type, present === undefined ? [] : deletions([key], scope));
  else if (present === undefined || !same(present.value, value)) model.record(type, [{ scope, key, value }]);
  return null;
}

/** Makes the persistent keys, and which phases have finished, what they were. */
export function restore(model: ContextModel, move: Extract<Move, { verb: "restore" }>): boolean {
  const sequence = restorePoint(model, move);
  if (sequence === undefined) return false;
  const { persistent, phase } = model.stateAt(sequence);
  const lost = new Set([...persistent].filter(([, { value }]) => value === erased).map(([key]) => key));
  if (lost.size > 0 && move.erased === "refuse") throw new Refusal("VALUE_ERASED");
  const effects = [
    ...difference(model, "persistent", persistent).filter(
      ({ key }) => !model.isGuarded(key) && !lost.has(key),
    ),
    ...difference(model, "phase", phase),
  ];
  model.record("snapshot_restored", effects, "always");
  return true;
}

function restorePoint(
  model: ContextModel,
  { to, back }: Extract<Move, { verb: "restore" }>,
): number | undefined {
  const listed = [...model.scopes.snapshot.values()].map(({ event }) => event.sequence);
  if (to === "newest") return listed.at(-1);
  if (to === "snapshot" && listed.length > 0) return listed[back % listed.length];
  return model.lastOf(Math.max(0, model.version - back));
}

function difference(
  model: ContextModel,
  scope: "persistent" | "phase",
  target: ReadonlyMap<string, ModelEntry>,
): ModelEffect[] {
  const present = model.scopes[scope];
  const changed = [...target].filter(([key, { value }]) => {
    const entry = present.get(key);
    return entry === undefined || !same(entry.value, value);
  });
  return [
    ...deletions(
      [...present.keys()].filter((key) => !target.has(key)),
      scope,
    ),
    ...changed.map(([key, { value }]): ModelEffect => ({ scope, key, value })),
  ];
}

/** A run of a phase between its two ends. */
export interface Run {
  readonly strategy: Strategy;
  readonly once: string | undefined;
  readonly startedAt: number;
  readonly changed: ReadonlyMap<string, unknown>;
  readonly removed: readonly string[];
  readonly result: unknown;
}

/** What was kept of a phase that has finished. */
export interface Finished extends Written {
  readonly result: unknown;
}

/** What a phase that has finished under this id once gives again. */
export function finishedPhase(model: ContextModel, once: string | undefined): unknown {
  const entry = once === undefined ? undefined : model.scopes.phase.get(once);
  if (entry === undefined) return undefined;
  const { version } = entry.event;
  return { ...(entry.value as Finished), version, outcome: "repeated" };
}

export function beginPhase(model: ContextModel): void {
  model.snapshot("before_walk_phase");
  model.record("phase_started", [], "always");
}

/** What the work did to a copy of both scopes. Names that were only ephemeral do not become persistent. */
export function workOn(model: ContextModel, { writes, removes }: Work): Pick<Run, "changed" | "removed"> {
  const { persistent, ephemeral } = model.scopes;
  const copy = copyOf(model);
  for (const key of removes) delete copy[key];
  for (const [key, value] of writes) copy[key] = value;
  const changed = new Map<string, unknown>();
  for (const [key, value] of Object.entries(copy)) {
    const before = persistent.get(key);
    if (before === undefined ? ephemeral.has(key) : same(before.value, value)) continue;
    changed.set(key, value);
  }
  return { changed, removed: [...persistent.keys()].filter((key) => !Object.hasOwn(copy, key)) };
}

/** A mutable copy of both scopes, persistent values first. */
export function copyOf({ scopes: { persistent, ephemeral } }: ContextModel): Record<string, unknown> {
  const shadowless = [...ephemeral].filter(([key]) => !persistent.has(key));
  return Object.fromEntries([...persistent, ...shadowless].map(([key, { value }]) => [key, value]));
}

/** Merges what a run brought back, and notes that it finished. */
export function finishPhase(model: ContextModel, run: Run, settled: readonly ModelEffect[]): unknown {
  const finished = run.once === undefined ? undefined : model.scopes.phase.get(run.once);
  if (run.once !== undefined && finished !== undefined && finished.event.sequence > run.startedAt) {
    model.record("phase_superseded", settled, "always");
    return { ...(finished.value as Finished), version: finished.event.version, outcome: "superseded" };
  }
  const base = model.stateAt(run.startedAt).persistent;
  const kept =
    run.strategy !== "replace"
      ? []
      : [...base].filter(([key]) => !run.removed.includes(key) && !run.changed.has(key));
  const offered = new Map<string, unknown>();
  for (const [key, { value }] of kept) {
    // What was erased since is offered as it is by now.
    const known = value === erased ? model.scopes.persistent.get(key)?.value : value;
    if (known !== undefined) offered.set(key, known);
  }
  for (const [key, value] of run.changed) offered.set(fullName(key, run.strategy), value);
  const { effects, outcome } = planMerge(model, run.strategy, { offered, removed: run.removed, base });
  const kind: Finished = { result: run.result, ...outcome };
  const remembered: ModelEffect[] =
    run.once === undefined ? [] : [{ scope: "phase", key: run.once, value: kind }];
  model.record("phase_finished", [...effects, ...remembered, ...settled], "always");
  const { version } = model;
  model.snapshot("after_walk_phase");
  return { ...kind, version, outcome: "merged" };
}
