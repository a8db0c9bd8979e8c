import type { EventHeader } from "../core/event.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { type Line, segmentAt } from "./line.js";

/** An event of a line, and the present id of the context that recorded it: the line's own, or an ancestor. */
export type Owned<Event> = Event & { readonly owner: string };

/** Finds who recorded the events of a line; `name` is the present id of its own context. */
export function* ownersIn(log: Log, line: Line, name: string): Program<(sequence: number) => string> {
  const names = new Map([[line.context, name]]);
  for (const { context } of line.segments.slice(1)) {
    names.set(context, (yield* wait(log.contextName(context))) ?? "");
  }
  return (sequence) => names.get(segmentAt(line, sequence).context) ?? name;
}

/** An event of a line without its payload. */
export function* headerIn(
  log: Log,
  line: Line,
  name: string,
  sequence: number,
): Program<Owned<EventHeader> | undefined> {
  const { context } = segmentAt(line, sequence);
  const header = yield* wait(log.header(context, sequence));
  if (header === undefined) return undefined;
  const owner = context === line.context ? name : yield* wait(log.contextName(context));
  return { ...header, owner: owner ?? "" };
}
