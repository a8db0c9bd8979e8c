import { movesVersion } from "../core/event.js";
import type { Moment } from "../core/moment.js";
import type { Codec } from "../core/value/codec.js";
import type { Program } from "../program/program.js";
import type { Line } from "../workflows/line.js";
import { EffectReader } from "../workflows/effect-reader.js";
import type { RecordedEvent } from "../workflows/recorded-event.js";
import {
  firstLimit,
  limitAfter,
  type Maker,
  readRecords,
  type RecordPage,
  type ReplayStart,
  startReplay,
  type WalkPlace,
} from "../workflows/replay-range.js";
import type { Site } from "../workflows/site.js";
import type { Live } from "../workflows/workplace.js";
import { toContextEvent } from "./context-event.js";
import type { ReplayPlan } from "./replay-query.js";
import { ReplayStep } from "./replay-step.js";
import type { Page } from "./stream.js";

/** Reads one page of a replay, the first where there is no replay yet. */
export function* readReplayPage<Values extends object>(
  site: Site,
  live: Live,
  plan: ReplayPlan<Values>,
  cursor: Replay<Values> | undefined,
): Program<Page<ReplayStep<Values>, Replay<Values>>> {
  const replay = cursor ?? new Replay(yield* startReplay(site, live, plan), plan, live.line, site.codec);
  const page = yield* readRecords(site, live, replay);
  return {
    // Steps are made as the reader goes on, so that what it looks at is the newest moment.
    items: replay.steps(page),
    get next() {
      return replay.isDone ? undefined : replay;
    },
  };
}

/** A walk through a history: where it stands, and the state there. */
export class Replay<Values extends object> implements WalkPlace {
  readonly upTo: number;
  after: number;
  limit = firstLimit;
  readonly reader: EffectReader;
  isDone = false;
  readonly #plan: ReplayPlan<Values>;
  readonly #codec: Codec;
  #moment: Moment;
  #maker: Maker | undefined;

  constructor(
    { moment, maker, after, upTo }: ReplayStart,
    plan: ReplayPlan<Values>,
    line: Line,
    codec: Codec,
  ) {
    this.upTo = upTo;
    this.reader = new EffectReader(line, codec);
    this.after = after;
    this.#moment = moment;
    this.#maker = maker;
    this.#plan = plan;
    this.#codec = codec;
  }

  *steps({ name, records, ownerOf }: RecordPage): Generator<ReplayStep<Values>, void, undefined> {
    for (const record of records) {
      const step = this.#step(name, this.reader.read(record, ownerOf(record.sequence)));
      this.after = record.sequence;
      this.isDone = !step.skipped && this.#plan.stopsAt?.(step) === true;
      yield step;
      if (this.isDone) return;
    }
    this.limit = limitAfter(this.limit, records);
    this.isDone = records.length === 0 || this.after >= this.upTo;
  }

  #step(context: string, event: RecordedEvent): ReplayStep<Values> {
    const skipped = this.#isSkipped(event);
    if (!skipped) {
      this.#moment = this.#moment.after(event.record.sequence, event.effects);
      if (event.effects.some(movesVersion)) this.#maker = event;
    }
    const place = { context, codec: this.#codec, event, maker: this.#maker ?? event };
    return new ReplayStep<Values>(place, this.#moment, skipped);
  }

  #isSkipped(event: RecordedEvent): boolean {
    const { skips } = this.#plan;
    return skips?.(event.record.sequence, () => toContextEvent(event, this.#codec)) === true;
  }
}
