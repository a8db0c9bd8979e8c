import type { ContextEvent, ContextEventHeader, WatchedEvent } from "../index.js";
import type { Cli } from "./cli.js";
import { isoTime } from "./iso-time.js";
import type { EventShape, HeaderShape, WatchedEventShape } from "./json-event-shapes.js";
import type { LogRow } from "./log-rows.js";

/** Scopes whose keys are names that the owner gave. */
const namedScopes = ["persistent", "ephemeral", "protection", "metadata", "limit"];

/** An event as documents show it. */
export function eventShape(cli: Cli, event: ContextEvent): EventShape {
  const { sequence, version, type, at, actor, cause, phase, batch, tags, idempotencyKey, details, hash } =
    event;
  const effects = event.effects.map(({ op, scope, key, ...rest }) =>
    "value" in rest ? { op, scope, key, value: cli.treeOf(rest.value) } : { op, scope, key },
  );
  const author = { actor, cause, phase, batch, tags, idempotencyKey };
  return { sequence, version, type, at: isoTime(at), ...author, effects, details, hash };
}

/** A watched event as documents show it. */
export function watchedEventShape(cli: Cli, event: WatchedEvent): WatchedEventShape {
  const { position, context, isLastOfBatch } = event;
  return { position, context, ...eventShape(cli, event), isLastOfBatch };
}

/** What an event says of itself, as documents show it. */
export function headerShape(header: ContextEventHeader): HeaderShape {
  const { context, sequence, version, type, at, actor, cause, phase, batch, tags } = header;
  return { context, sequence, version, type, at: isoTime(at), actor, cause, phase, batch, tags };
}

/** An event as a line of the log. */
export function eventRow({ sequence, version, type, at, actor, phase, effects }: ContextEvent): LogRow {
  const keys = effects.filter(({ scope }) => namedScopes.includes(scope)).map(({ key }) => key);
  return { sequence, version, at, what: type, keys: [...new Set(keys)], actor, phase };
}
