import {
  type ContextModel,
  erased,
  gone,
  type ModelEffect,
  type ModelEvent,
  Refusal,
  type Scopes,
} from "./context-model.js";
import type { Run } from "./model-verbs.js";
import type { Move, Path, Values } from "./move.js";

type Redact = Extract<Move, { verb: "redact" }>;

/** Erases what a path leads to, in a context and all that was forked from it, and tells what was erased. */
export function redact(
  all: ReadonlySet<ContextModel>,
  model: ContextModel,
  { path, present }: Redact,
  actor: string | null,
): unknown {
  const family = familyOf(all, model, path);
  const kept =
    present === "keep"
      ? presentPlaces(
          family.filter(({ isDeleted }) => !isDeleted),
          path,
        )
      : new Set<ModelEffect>();
  const hits = new Map(family.map((one) => [one, hitsOf(one, path, kept)]));
  const places = new Set([...hits.values()].flat());
  if (present === "remove" && family.some((one) => !one.isDeleted && isInTheWay(one, path)))
    throw new Refusal("KEY_PROTECTED");
  const contexts: string[] = [];
  for (const one of family.filter(({ isDeleted }) => !isDeleted)) {
    const effects = present === "keep" ? [] : presentEffects(one.scopes, path);
    const isTouched = one.events.some(({ effects: made }) => made.some((effect) => places.has(effect)));
    if (effects.length === 0 && !isTouched) continue;
    one.as(actor, () => one.record("values_erased", effects, "always"));
    contexts.push(one.id);
  }
  for (const place of places) place.value = erased;
  for (const one of all) one.forgetMilestones();
  return { values: places.size, contexts: contexts.sort() };
}

/** The context with what is kept of deleted ancestors right above it, and all that descends from there. */
function familyOf(all: ReadonlySet<ContextModel>, model: ContextModel, path: Path): ContextModel[] {
  let top = model;
  while (top.parent?.model.isDeleted === true) top = top.parent.model;
  let upTo = top.parent?.sequence ?? 0;
  for (let above = top.parent?.model; above !== undefined; above = above.parent?.model) {
    const reach = upTo;
    const isInherited = ownEvents(above).some(
      (event) => event.sequence <= reach && event.effects.some((effect) => isHit(effect, path)),
    );
    if (isInherited) throw new Refusal("REDACTION_INHERITED");
    upTo = above.parent?.sequence ?? 0;
  }
  return [...all].filter((one) => descends(one, top));
}

function descends(one: ContextModel | undefined, top: ContextModel): boolean {
  return one === top || (one?.parent !== undefined && descends(one.parent.model, top));
}

/** The events that a context itself recorded. */
export function ownEvents(model: ContextModel): readonly ModelEvent[] {
  return model.events.slice(model.parent?.sequence ?? 0);
}

function hitsOf(model: ContextModel, path: Path, kept: ReadonlySet<ModelEffect>): ModelEffect[] {
  return ownEvents(model).flatMap(({ effects }) =>
    effects.filter((effect) => !kept.has(effect) && isHit(effect, path)),
  );
}

function isHit({ scope, key, value }: ModelEffect, path: Path): boolean {
  return value !== gone && value !== erased && holds(madeOf(scope, key, value, path[0]), path.slice(1));
}

/** What an effect made of a key: its value, or what work that could not be merged brought back. */
function madeOf(scope: ModelEffect["scope"], key: string, value: unknown, wanted: string): unknown {
  if ((scope === "persistent" || scope === "ephemeral") && key === wanted) return value;
  // Only phases write to this scope.
  return scope === "unmerged" ? (value as Run).changed.get(wanted) : undefined;
}

function holds(value: unknown, [step, ...others]: readonly string[]): boolean {
  if (value === undefined) return false;
  if (step === undefined) return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.hasOwn(value, step) && holds((value as Values)[step], others);
}

/** The effects that gave a key its present values, and those that keep work to be merged. */
function presentPlaces(family: readonly ContextModel[], [key]: Path): Set<ModelEffect> {
  const places = new Set<ModelEffect>();
  for (const { scopes } of family) {
    for (const scope of ["persistent", "ephemeral", "unmerged"] as const) {
      for (const [name, { event }] of scopes[scope]) {
        if (scope !== "unmerged" && name !== key) continue;
        for (const effect of event.effects)
          if (effect.scope === scope && effect.key === name) places.add(effect);
      }
    }
  }
  return places;
}

function isInTheWay(model: ContextModel, path: Path): boolean {
  const entry = model.scopes.persistent.get(path[0]);
  return entry !== undefined && model.isGuarded(path[0]) && holds(entry.value, path.slice(1));
}

function presentEffects(scopes: Scopes, [key, ...steps]: Path): ModelEffect[] {
  const own = (["persistent", "ephemeral"] as const).flatMap((scope): ModelEffect[] => {
    const entry = scopes[scope].get(key);
    if (entry === undefined || !holds(entry.value, steps)) return [];
    return [{ scope, key, value: steps.length === 0 ? gone : without(entry.value, steps) }];
  });
  const work = [...scopes.unmerged].flatMap(([id, { value }]): ModelEffect[] => {
    // Only phases write to this scope.
    const run = value as Run;
    if (!holds(run.changed.get(key), steps)) return [];
    const changed = new Map(run.changed);
    if (steps.length === 0) changed.delete(key);
    else changed.set(key, without(changed.get(key), steps));
    return [{ scope: "unmerged", key: id, value: { ...run, changed } }];
  });
  return [...own, ...work];
}

function without(value: unknown, [step = "", ...others]: readonly string[]): unknown {
  // It holds what is to go, so it is an object.
  const copy = { ...(value as Values) };
  if (others.length === 0) delete copy[step];
  else copy[step] = without(copy[step], others);
  return copy;
}
