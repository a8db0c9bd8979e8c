import { type ContextEvent, type ErrorCode, isContextError, type KeyChange } from "../../index.js";
import type { Line } from "../difference-lines.js";
import { skippedText, stepLines } from "../step-lines.js";
import { previewValue, type PreviewOptions } from "../value-preview.js";
import { helpLines } from "./help-lines.js";
import { NearbyStates } from "./nearby-states.js";
import { Pane } from "./pane.js";
import { stateLines } from "./state-lines.js";
import type { Stepper } from "./stepper.js";
import type { Tape } from "../tape.js";

/** Steps that are kept, to go back and forth among them. */
const mostSteps = 16;
/** What a value shows of itself; wrapped, it fills a screen. */
const longestValue = 2000;

/** A failure that belongs to one event; the others can still be read. */
const unreadable: readonly ErrorCode[] = ["EVENT_UNREADABLE", "STORE_CORRUPT", "VALUE_TOO_DEEP"];

interface Step {
  readonly event: ContextEvent | undefined;
  readonly failure: string | undefined;
  changed: readonly KeyChange[] | undefined;
  readonly panes: Map<string, Pane>;
}

/** Reads steps off a tape when they are looked at, and keeps the latest, so that a key is answered at once. */
export class StepReader {
  readonly #tape: Tape;
  readonly #look: PreviewOptions;
  readonly #steps = new Map<number, Step>();
  readonly #states: NearbyStates;

  constructor(tape: Tape, textOf: (value: unknown) => string) {
    this.#tape = tape;
    this.#states = new NearbyStates(tape, (sequence) => {
      const { event } = this.#step(sequence);
      return event && this.#changed(event);
    });
    this.#look = { longest: longestValue, textOf };
  }

  /** The event, if it can be read. */
  event(sequence: number): ContextEvent | undefined {
    return this.#step(sequence).event;
  }

  /** What is shown at a stepper's event, for a screen of some width. */
  pane({ at, pane, isHelpShown }: Stepper, width: number): Pane {
    const { panes } = this.#step(at);
    const what = isHelpShown ? "help" : pane;
    const known = panes.get(what);
    if (known?.width === width) return known;
    const lines = { help: () => helpLines, changes: () => this.#changes(at), state: () => this.#state(at) }[
      what
    ];
    const made = new Pane(orFailure(lines), width);
    panes.set(what, made);
    return made;
  }

  *#changes(sequence: number): Generator<Line, void, void> {
    const { event, failure } = this.#step(sequence);
    if (event === undefined) return yield failureLine(failure ?? `There is no event #${sequence}.`);
    if (this.#tape.isSkipped(sequence)) return yield [{ text: skippedText, style: "yellow" }];
    const changed = this.#changed(event);
    if (changed.length === 0) yield [{ text: "No key changed.", style: "dim" }];
    yield* stepLines(event, changed, this.#look);
    if (Object.keys(event.details).length === 0) return;
    yield [];
    yield [{ text: "details ", style: "dim" }, previewValue(event.details, this.#look)];
  }

  *#state(sequence: number): Generator<Line, void, void> {
    const { event } = this.#step(sequence);
    const changed = event === undefined ? [] : this.#changed(event);
    yield* stateLines(this.#states.at(sequence), changed, this.#look);
  }

  #changed(event: ContextEvent): readonly KeyChange[] {
    const step = this.#step(event.sequence);
    step.changed ??= this.#tape.changes(event);
    return step.changed;
  }

  #step(sequence: number): Step {
    const known = this.#steps.get(sequence);
    const step = known ?? { ...this.#read(sequence), changed: undefined, panes: new Map<string, Pane>() };
    // The one that was looked at last is let go last.
    this.#steps.delete(sequence);
    this.#steps.set(sequence, step);
    const [oldest] = this.#steps.keys();
    if (oldest !== undefined && this.#steps.size > mostSteps) this.#steps.delete(oldest);
    return step;
  }

  #read(sequence: number): Pick<Step, "event" | "failure"> {
    try {
      return { event: this.#tape.event(sequence), failure: undefined };
    } catch (error) {
      return { event: undefined, failure: messageOf(error) };
    }
  }
}

/** Ends lines that cannot be made with what went wrong. */
function* orFailure(lines: () => Iterable<Line>): Generator<Line, void, void> {
  try {
    yield* lines();
  } catch (error) {
    yield failureLine(messageOf(error));
  }
}

function failureLine(message: string): Line {
  return [{ text: message, style: "red" }];
}

/** The message of a failure that belongs to one event; any other is thrown. */
function messageOf(error: unknown): string {
  if (isContextError(error) && unreadable.includes(error.code)) return error.message;
  throw error;
}
