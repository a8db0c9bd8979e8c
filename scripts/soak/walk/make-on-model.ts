import { type ContextModel, type ModelEffect, Refusal } from "./context-model.js";
import {
  beginPhase,
  copyOf,
  describe,
  finishedPhase,
  finishPhase,
  makeSimple,
  restore,
  type Run,
  workOn,
} from "./model-verbs.js";
import { deletions, planMerge } from "./model-merge.js";
import { redact } from "./model-redaction.js";
import type { Circumstances, Move, Simple, Single, Step } from "./move.js";
import type { StoreModel } from "./store-model.js";

type Of<Verb extends Move["verb"]> = Extract<Move, { verb: Verb }>;

/** What a move gives, or the code of the refusal. */
export type Outcome = { readonly gave: unknown } | { readonly refused: string };

/** What a move may need besides its context: a new id, and another context. */
export interface Others {
  readonly id: string;
  readonly from: ContextModel;
}

/** Makes a move of one context on its model, and tells what the library has to answer. */
export function makeOnModel(store: StoreModel, model: ContextModel, step: Step, others: Others): Outcome {
  try {
    return { gave: perform(store, model, step, others) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code };
    throw error;
  }
}

function perform(store: StoreModel, model: ContextModel, { move, at }: Step, others: Others): unknown {
  const place: Place = { store, model, at, others, actor: at.actor ?? null };
  // The table has for each verb a function that takes moves of that verb.
  const make = (verbs as Partial<Record<Move["verb"], (place: Place, move: Move) => unknown>>)[move.verb];
  // What is not in the table may also stand in a batch.
  return make === undefined
    ? model.unit(place.actor, () => once(model, move as Simple, at))
    : make(place, move);
}

interface Place {
  readonly store: StoreModel;
  readonly model: ContextModel;
  readonly at: Circumstances;
  readonly others: Others;
  readonly actor: string | null;
}

const verbs: { readonly [Verb in Single["verb"]]: (place: Place, move: Of<Verb>) => unknown } = {
  batch: ({ model, at }, move) => batch(model, move, at),
  snapshot: (place) => alone(place, ({ model }) => takeSnapshot(model, "walk")),
  phaseContext: (place) =>
    alone(place, ({ model }) => {
      model.snapshot("phase_start");
      return copyOf(model);
    }),
  restore: (place, move) => alone(place, ({ model, at }) => expecting(at, () => restore(model, move))),
  threeWay: (place, move) => alone(place, ({ model }) => mergeSince(model, move)),
  phase: ({ model, actor }, move) => phase(model, move, actor),
  mergePhase: ({ model, actor }, move) => mergePhase(model, move, actor),
  setLimits: (place, { keys }) =>
    alone(place, ({ model }) => describe(model, "limits_changed", "limit", "keys", keys)),
  rename: (place) => alone(place, ({ store, model, others }) => store.rename(model, others.id)),
  remove: ({ store, model }) => {
    store.remove(model);
    return null;
  },
  fork: ({ store, model, others, actor }, { back }) => {
    const fork = store.fork(model, others.id, Math.max(1, model.sequence - back), actor);
    return { sequence: fork.sequence, version: fork.version };
  },
  mergeContext: (place, { strategy }) =>
    alone(place, ({ store, model, others, at }) =>
      expecting(at, () => store.merge(model, others.from, strategy)),
    ),
  redact: ({ store, model, actor }, move) => redact(store.all, model, move, actor),
  fold: ({ model }) => model.sequence,
  whatIf: ({ model }, { key }) => sortedEntries({ ...copyOf(model), [key]: "tried" }),
};

function alone<Result>(place: Place, work: (place: Place) => Result): Result {
  return place.model.unit(place.actor, () => work(place));
}

/** Keys and values, whatever their order was. */
export function sortedEntries(values: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Refuses a wrong version before anything else is looked at. */
function expecting<Result>({ expected }: Circumstances, work: () => Result): Result {
  if (expected !== undefined && expected !== 0) throw new Refusal("VERSION_CONFLICT");
  return work();
}

/** A repeated command gives what it gave first, another one under its key is refused. */
function once(model: ContextModel, move: Simple, at: Circumstances): unknown {
  if (at.once === undefined || move.verb === "append") return expecting(at, () => makeSimple(model, move));
  const key = `once ${at.once}`;
  const asked = JSON.stringify(move);
  const receipt = model.receipts.get(key);
  if (receipt !== undefined) {
    if (receipt.asked !== asked) throw new Refusal("IDEMPOTENCY_MISMATCH");
    return receipt.outcome;
  }
  const { sequence } = model;
  const outcome = expecting(at, () => makeSimple(model, move));
  if (model.sequence === sequence) model.record("nothing_changed", [], "always");
  model.receipts.set(key, { asked, outcome });
  return outcome;
}

function batch(model: ContextModel, { moves }: Of<"batch">, at: Circumstances): null {
  const work = () => {
    for (const move of moves) makeSimple(model, move);
    return null;
  };
  return model.unit(at.actor ?? null, () => expecting(at, work), {});
}

function takeSnapshot(model: ContextModel, reason: string): unknown {
  model.snapshot(reason);
  return { reason, version: model.version, sequence: model.sequence };
}

function mergeSince(model: ContextModel, { values, back }: Of<"threeWay">): unknown {
  const base = model.stateAt(model.lastOf(Math.max(0, model.version - back))).persistent;
  const { effects, outcome } = planMerge(model, "threeWay", {
    offered: new Map(Object.entries(values)),
    removed: [],
    base,
  });
  model.record("values_merged", effects);
  return outcome;
}

function phase(model: ContextModel, move: Of<"phase">, actor: string | null): unknown {
  const id = move.once === undefined ? undefined : `phase ${move.once}`;
  const done = finishedPhase(model, id);
  if (done !== undefined) return done;
  model.unit(actor, () => beginPhase(model));
  const startedAt = model.sequence;
  const { work, strategy } = move;
  const brought = workOn(model, work);
  const meanwhile = work.meanwhile.map((one) =>
    outcomeOf(() => model.unit(actor, () => makeSimple(model, one))),
  );
  if (work.nested) meanwhile.push(outcomeOf(() => phase(model, nestedPhase(move), actor)));
  if (work.fails) {
    model.unit(actor, () => model.record("phase_failed", [], "always"));
    throw new Refusal("boom");
  }
  return endPhase(model, { ...brought, strategy, once: id, startedAt, result: meanwhile }, actor);
}

/** The phase that the work of another one runs. */
export function nestedPhase({ once: outer }: Of<"phase">): Of<"phase"> {
  const work = {
    writes: [["d", outer ?? 9] as const],
    removes: [],
    meanwhile: [],
    fails: false,
    nested: false,
  };
  return { verb: "phase", strategy: "update", once: outer, work };
}

function outcomeOf(work: () => unknown): Outcome {
  try {
    return { gave: work() };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code };
    throw error;
  }
}

/** What cannot be merged is kept. */
function endPhase(model: ContextModel, run: Run, actor: string | null): unknown {
  try {
    return model.unit(actor, () => finishPhase(model, run, []));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const kept: ModelEffect = { scope: "unmerged", key: `${run.startedAt}`, value: run };
    model.unit(actor, () => model.record("phase_unmerged", [kept], "always"));
    throw error;
  }
}

function mergePhase(
  model: ContextModel,
  { which, strategy }: Of<"mergePhase">,
  actor: string | null,
): unknown {
  const waiting = [...model.scopes.unmerged].sort(([a], [b]) => Number(a) - Number(b));
  const chosen = waiting[which % Math.max(1, waiting.length)];
  if (chosen === undefined) throw new Refusal("PHASE_NOT_FOUND");
  const [key, { value }] = chosen;
  // Only endPhase writes to this scope.
  const run = value as Run;
  return model.unit(actor, () => finishPhase(model, { ...run, strategy }, deletions([key], "unmerged")));
}
