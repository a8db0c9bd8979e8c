import type { ContextEvent } from "../../index.js";
import { channelIn, idIn, type OwnKind } from "./own-keys.js";
import type { ThreadContext } from "./thread-contexts.js";

/** One event of a thread, and what it was about. */
export interface ThreadEvent {
  /** What happened: a checkpoint was put, tasks wrote for its next one, something was removed; or anything else. */
  readonly kind: "checkpoint" | "writes" | "removal" | "other";
  /** The checkpoint that it was about. */
  readonly checkpoint: string | undefined;
  /** The channels whose values it changed. */
  readonly channels: readonly string[];
  /** The event itself: its number, version, time, who made it, and what it set. */
  readonly event: ContextEvent;
}

/** What happened to a place, oldest first; it is read as the reader goes on. */
export function* historyOf(ctx: ThreadContext): Generator<ThreadEvent> {
  for (const event of ctx.events()) yield tell(event);
}

function tell(event: ContextEvent): ThreadEvent {
  const touched = event.effects.filter(({ scope }) => scope === "persistent");
  const set = touched.filter(({ op }) => op === "set").map(({ key }) => key);
  const channels = touched.flatMap(({ key }) => channelIn(key) ?? []);
  const put = firstOf(set, "checkpoint");
  if (put !== undefined) return { kind: "checkpoint", checkpoint: put, channels, event };
  const written = firstOf(set, "writes");
  if (written !== undefined) return { kind: "writes", checkpoint: written, channels, event };
  const gone = firstOf(
    touched.map(({ key }) => key),
    "checkpoint",
  );
  return { kind: gone === undefined ? "other" : "removal", checkpoint: gone, channels, event };
}

function firstOf(keys: readonly string[], kind: OwnKind): string | undefined {
  return keys.map((key) => idIn(key, kind)).find((id) => id !== undefined);
}
