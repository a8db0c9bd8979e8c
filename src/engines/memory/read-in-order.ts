import { compileGlob } from "../../core/glob.js";
import type { Log, LoggedEvent, LogPage, LogStretch } from "../engine.js";
import { countWhile, findAt } from "./sequence-order.js";
import type { Place, Tables } from "./tables.js";

/** Answers the questions about the log as a whole, in order of position. */
export function readInOrder(tables: Tables): Pick<Log, "lastPosition" | "eventsAfter"> {
  return {
    lastPosition: () => tables.places.at(-1)?.position ?? 0,
    eventsAfter: (position, page) => {
      const start = countWhile(tables.places, (place) => place.position <= position);
      return takeStretch(tables, tables.places.slice(start, start + page.limit), position, page);
    },
  };
}

function takeStretch(tables: Tables, places: readonly Place[], position: number, page: LogPage): LogStretch {
  const fits = condition(page);
  const events: LoggedEvent[] = [];
  let taken = 0;
  for (const place of places) {
    const event = eventAt(tables, place);
    if (event === undefined || !fits(event)) continue;
    events.push(event);
    taken += event.payload.length;
    if (taken >= page.characters) return { events, upTo: event.position };
  }
  return { events, upTo: places.at(-1)?.position ?? position };
}

function condition({ context, names, types, actor }: LogPage): (event: LoggedEvent) => boolean {
  const fits = names === undefined ? () => true : compileGlob(names);
  return (event) =>
    (context === undefined || event.context === context) &&
    (types === undefined || types.includes(event.type)) &&
    (actor === undefined || event.actor === actor) &&
    (names === undefined || event.context > 0) &&
    fits(event.name);
}

function eventAt({ contexts }: Tables, { position, context, sequence }: Place): LoggedEvent | undefined {
  const table = contexts.get(context);
  if (table?.keptSequence !== null || sequence <= table.floorSequence) return undefined;
  const record = findAt(table.events, sequence);
  return record && { ...record, position, context, name: table.name };
}
