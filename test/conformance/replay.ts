import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare, type Difference } from "./comparison.js";
import type { Recording, Step } from "./recording.js";
import { type Restart, Session } from "./session.js";

/** A difference, and the step at which it was seen: `c001#12`; `#0` is before the first step. */
export type StepDifference = Difference & { readonly step: string };

/** What came of playing recordings. */
export interface Report {
  readonly sequences: number;
  readonly steps: number;
  /** Steps of which at least a part was compared. */
  readonly compared: number;
  /** Steps of which every part was compared. */
  readonly strict: number;
  readonly differences: readonly StepDifference[];
}

/** Plays recordings, each on a new store of its own in a temporary folder, and compares every step. */
export function replayAll(recordings: readonly Recording[], restart: Restart = "reopen"): Report {
  const steps = recordings.flatMap((recording) => recording.steps);
  return {
    sequences: recordings.length,
    steps: steps.length,
    compared: steps.filter(({ loose = [] }) => !loose.includes("*")).length,
    strict: steps.filter(({ loose = [] }) => loose.length === 0).length,
    differences: recordings.flatMap((recording) => replay(recording, restart)),
  };
}

function replay(recording: Recording, restart: Restart): StepDifference[] {
  const folder = mkdtempSync(join(tmpdir(), "durable-context-conformance-"));
  try {
    const session = new Session(recording, folder, restart);
    try {
      return playAll(recording, session);
    } finally {
      session.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function playAll({ id, init, steps }: Recording, session: Session): StepDifference[] {
  const { state, logged } = init;
  const before = compare({ state, logged }, session.beginning());
  return [
    ...before.map((difference) => ({ step: `${id}#0`, ...difference })),
    ...steps.flatMap((step) => {
      const observed = session.play(step.i, step.op, step.snapshot);
      return compare(seenOf(step), observed, step.loose).map((difference) => ({
        step: `${id}#${step.i}`,
        ...difference,
      }));
    }),
  ];
}

/** What a recording says can be seen of a step; how Python called an error is not part of it. */
function seenOf({ out, snapshot, state, logged, bumped }: Step): object {
  return {
    out: out.ok ? { ok: true, return: out.return } : { ok: false, error: out.error },
    ...(snapshot !== undefined && { snapshot }),
    state,
    logged,
    bumped,
  };
}
