import { type EventMatch, formatMatch, parseMatch } from "../event-match.js";

/**
 * The stepper: replays a context on a terminal, event by event. The model, what keys do, and the frame are
 * pure; only the screen touches the terminal, and only tapes and searches ask the store.
 */

/** All that the stepper remembers from key to key. */
export interface Stepper {
  readonly first: number;
  readonly last: number;
  /** The number of the event that is shown. */
  readonly at: number;
  readonly pane: "changes" | "state";
  readonly isHelpShown: boolean;
  /** Lines of the pane above the first one that is shown. */
  readonly scroll: number;
  readonly match: EventMatch | undefined;
  readonly prompt: Prompt | undefined;
  readonly message: Message | undefined;
}

export interface Prompt {
  readonly asks: "jump" | "filter";
  readonly text: string;
}

export interface Message {
  readonly text: string;
  readonly isError: boolean;
}

/** What a key asks for that only the history can answer. */
export type Request =
  | { readonly kind: "seek"; readonly match: EventMatch; readonly stretches: readonly Seek[] }
  | { readonly kind: "locate"; readonly point: string }
  | { readonly kind: "quit"; readonly ending: "ok" | "interrupted" };

/** Go so many matching events on from one: forward, or back if negative. */
export interface Seek {
  readonly from: number;
  readonly steps: number;
}

/** What a key led to. */
export interface Turn {
  readonly stepper: Stepper;
  readonly request?: Request;
}

/** A stepper at an event. */
export function createStepper(place: Pick<Stepper, "first" | "last" | "at" | "match">): Stepper {
  const nothing = { prompt: undefined, message: undefined };
  return { ...place, ...nothing, pane: "changes", isHelpShown: false, scroll: 0 };
}

/** Goes so many events on, among those that match if there is a filter; stops at the ends. */
export function goOn(stepper: Stepper, steps: number): Turn {
  const { at, first, last, match } = stepper;
  if (match !== undefined) return seek(stepper, match, [{ from: at, steps }]);
  const target = Math.min(Math.max(at + steps, first), last);
  if (target !== at) return { stepper: arrive(stepper, target) };
  return { stepper: say(stepper, steps < 0 ? "This is the first event." : "This is the last event.") };
}

/** Goes to the first event, or to the first that matches. */
export function goToFirst(stepper: Stepper): Turn {
  const { first, match } = stepper;
  if (match === undefined) return { stepper: arrive(stepper, first) };
  return seek(stepper, match, [{ from: first - 1, steps: 1 }]);
}

/** Goes to the last event, or to the last that matches. */
export function goToLast(stepper: Stepper): Turn {
  const { last, match } = stepper;
  if (match === undefined) return { stepper: arrive(stepper, last) };
  return seek(stepper, match, [{ from: last + 1, steps: -1 }]);
}

/** Takes what was typed into a prompt. */
export function submit(stepper: Stepper, { asks, text }: Prompt): Turn {
  const closed = { ...stepper, prompt: undefined };
  if (asks === "jump") {
    const point = text.trim();
    return point === "" ? { stepper: closed } : { stepper: closed, request: { kind: "locate", point } };
  }
  const match = parseMatch(text);
  if (match === undefined) return { stepper: { ...closed, match } };
  const { at } = stepper;
  return seek(closed, match, [
    { from: at - 1, steps: 1 },
    { from: at, steps: -1 },
  ]);
}

/** Shows an event, from the top of its pane. */
function arrive(stepper: Stepper, at: number): Stepper {
  return at === stepper.at ? stepper : { ...stepper, at, scroll: 0 };
}

/** Shows an event that was looked for; if there is none, says so and stays. */
export function arriveAtMatch(stepper: Stepper, match: EventMatch, found: number | undefined): Stepper {
  if (found !== undefined) return { ...arrive(stepper, found), match };
  return say(
    stepper,
    `No ${stepper.match === match ? "further event" : "event"} fits ${formatMatch(match)}.`,
  );
}

/** Shows an event that was named; one that is not among those replayed is refused. */
export function arriveAtPoint(stepper: Stepper, at: number): Stepper {
  const { first, last } = stepper;
  if (at >= first && at <= last) return arrive(stepper, at);
  return refuse(stepper, `Event #${at} is not among those replayed, #${first} to #${last}.`);
}

export function say(stepper: Stepper, text: string): Stepper {
  return { ...stepper, message: { text, isError: false } };
}

export function refuse(stepper: Stepper, text: string): Stepper {
  return { ...stepper, message: { text, isError: true } };
}

function seek(stepper: Stepper, match: EventMatch, stretches: readonly Seek[]): Turn {
  return { stepper, request: { kind: "seek", match, stretches } };
}
