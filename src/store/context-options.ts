import { checkKey } from "../core/names.js";
import type { Schemas } from "../core/schema.js";
import type { Codec, Taken } from "../core/value/codec.js";
import type { Beginnings } from "../workflows/open-context.js";
import type { Site } from "../workflows/site.js";
import { type Live, nameOf } from "../workflows/workplace.js";
import { takeTexts } from "./check-option.js";
import { type Intake, ownEntries } from "./intake.js";
import { type LimitOptions, takeLimits } from "./limit-options.js";
import type { Attribution } from "./attribution.js";

/** How a context is opened; the first four apply only when it is created. */
export interface ContextOptions<Values extends object> extends Attribution {
  /** Data it begins with, at version 0. */
  readonly initial?: Partial<Values>;
  /** Names that are protected from the start, beside the store's own. */
  readonly protect?: readonly (keyof Values & string)[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly limits?: LimitOptions;
  /** Takes a snapshot whenever so many versions came since the newest one. */
  readonly autoSnapshot?: number;
}

/** What a new context is to begin with, checked. */
export function takeBeginnings(
  options: ContextOptions<Record<string, unknown>>,
  intake: Intake,
  codec: Codec,
): Beginnings {
  const { protect = [], metadata = {}, limits = {} } = options;
  const own = [...takeLimits(limits, codec)].filter(
    (entry): entry is [string, Taken] => entry[1] !== undefined,
  );
  return {
    initial: intake.takeAll(options.initial ?? {}),
    protect: takeTexts("protect", protect).map((key) => checkKey(key)),
    metadata: new Map(ownEntries(metadata).map(([name, value]) => [checkKey(name), codec.take(value, name)])),
    limits: new Map(own),
  };
}

/** Takes something in now, and gives it, or throws its refusal, when it is asked for. */
export function takenNow<Result>(take: () => Result): () => Result {
  try {
    const taken = take();
    return () => taken;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Facts about a context as they are stored; `undefined` removes one. */
export function takeFacts(
  facts: Readonly<Record<string, unknown>>,
  codec: Codec,
): Map<string, Taken | undefined> {
  return new Map(
    ownEntries(facts).map(([name, value]) => [
      checkKey(name),
      value === undefined ? undefined : codec.take(value, name),
    ]),
  );
}

/** Tells of stored values that no longer fit their schema. */
export function reportUnfit(site: Site, live: Live, schemas: Schemas, intake: Intake): void {
  for (const key of Object.keys(schemas)) {
    const entry = live.state.scopes.persistent.get(key);
    const issues = entry === undefined ? [] : intake.issuesOf(key, site.codec.share(entry));
    if (issues.length > 0) site.warn({ kind: "unfit", context: nameOf(live.state), key, issues });
  }
}
