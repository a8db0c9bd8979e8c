import type { Origin } from "../core/event.js";
import type { Program } from "../program/program.js";
import { appendToStore } from "./manage.js";
import type { Site } from "./site.js";

/** What a store turned out to lack; numbers of events in the whole store. */
export interface StoreLoss {
  /** The newest event that was acknowledged; undefined where nobody can say. */
  readonly expected: number | undefined;
  /** The newest event that is there. */
  readonly found: number;
}

/** Notes in the store's own stream that somebody goes on with a store although events of it may be lost. */
export function* acceptLoss(site: Site, { expected, found }: StoreLoss, origin: Origin): Program<void> {
  const details = { expected: expected ?? null, found };
  yield* site.engine.write((log) =>
    appendToStore(site, log, { type: "loss_accepted", effects: [], details }, origin),
  );
}
