import type { Point } from "../core/address.js";
import { ContextError } from "../core/errors.js";
import type { EventType, Scope } from "../core/event.js";
import { checkObject, checkText, takeTexts } from "./check-option.js";
import { conditionOf } from "./condition.js";
import type { ContextEvent } from "./context-event.js";
import { type Address, pointOf } from "./point.js";
import type { ReplayStep } from "./replay-step.js";

/** Which part of a history to replay, what to leave out of it, and where to stop. */
export interface ReplayQuery<Values extends object = Record<string, unknown>> {
  /** The state to begin with: the steps follow after it. Without it, nothing is there yet. */
  readonly from?: Address;
  /** The last event to replay is the last one of this state. Without it, the newest when the walk begins. */
  readonly to?: Address;
  /** Events that are not applied, by their numbers or by a condition: what came later meets a state without them. */
  readonly skip?: readonly number[] | ((event: ContextEvent) => boolean);
  /** Ends the replay with the first step at which all that is said here holds. */
  readonly until?: Breakpoint<Values>;
}

/** Where a replay stops; one that was skipped never does. */
export interface Breakpoint<Values extends object = Record<string, unknown>> {
  /** An event that did something to this key, or to one of these. */
  readonly key?: string | readonly string[];
  readonly type?: EventType | readonly EventType[];
  readonly actor?: string;
  /** Any condition on a step; it must answer at once. */
  readonly where?: (step: ReplayStep<Values>) => boolean;
}

/** A query as it was taken in. */
export interface ReplayPlan<Values extends object> {
  readonly from: Point | undefined;
  readonly to: Point | undefined;
  /** Whether an event is left out; it is shown only to a condition. */
  readonly skips: ((sequence: number, show: () => ContextEvent) => boolean) | undefined;
  readonly stopsAt: ((step: ReplayStep<Values>) => boolean) | undefined;
}

/**
 * Takes in what the caller wants to replay.
 * @throws {ContextError} OPTION_INVALID, ADDRESS_INVALID
 */
export function takeReplay<Values extends object>(query: ReplayQuery<Values>): ReplayPlan<Values> {
  const { from, to, skip, until } = checkObject("query", query);
  return {
    from: from === undefined ? undefined : pointOf(from),
    to: to === undefined ? undefined : pointOf(to),
    skips: skip === undefined ? undefined : takeSkip(skip),
    stopsAt: until === undefined ? undefined : takeBreakpoint(until),
  };
}

function takeSkip(skip: NonNullable<ReplayQuery["skip"]>): ReplayPlan<object>["skips"] {
  if (!Array.isArray(skip)) {
    const isSkipped = conditionOf("skip", skip as (event: ContextEvent) => boolean);
    return (_, show) => isSkipped(show());
  }
  const numbers = new Set<unknown>();
  // One by one, so that a long list of nothing is refused at once.
  for (const number of skip as readonly unknown[]) {
    if (!Number.isSafeInteger(number))
      throw unfit("skip", "it is neither a list of event numbers nor a function");
    numbers.add(number);
  }
  return (sequence) => numbers.has(sequence);
}

/** Scopes whose keys are the caller's; what the store keeps of itself has names too. */
const keyScopes: readonly Scope[] = ["persistent", "ephemeral", "protection"];

function takeBreakpoint<Values extends object>(until: Breakpoint<Values>): ReplayPlan<Values>["stopsAt"] {
  const { key, type, actor, where } = checkObject("until", until);
  checkText("until.actor", actor);
  const keys = takeNames("until.key", key);
  const types = takeNames("until.type", type);
  const holds = where === undefined ? undefined : conditionOf("until.where", where);
  return (step) => {
    const { event } = step;
    return (
      (keys === undefined ||
        event.effects.some((effect) => keyScopes.includes(effect.scope) && keys.has(effect.key))) &&
      (types === undefined || types.has(event.type)) &&
      (actor === undefined || event.actor === actor) &&
      (holds === undefined || holds(step))
    );
  };
}

function takeNames(
  option: string,
  given: string | readonly string[] | undefined,
): ReadonlySet<string> | undefined {
  if (given === undefined) return undefined;
  return new Set(takeTexts(option, typeof given === "string" ? [given] : given));
}

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}
