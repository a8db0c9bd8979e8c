import type { EventRecord } from "../../core/event.js";
import type { CurrentRow, EventKindSize, EventSize, KeySize, Log, Sizes } from "../engine.js";
import { compareCodePoints } from "./code-point-order.js";
import { countUpTo } from "./sequence-order.js";
import type { ContextTable, Projections, Tables } from "./tables.js";

type Times = Parameters<Log["eventSizes"]>[1];

/** Answers how large things are, as if they were stored as texts. */
export function readSizes(
  tables: Tables,
): Pick<Log, "sizes" | "eventSizes" | "eventsUpTo" | "contextSizes" | "storeSizes" | "rowCounts"> {
  const eventsOf = (context: number) => tables.contexts.get(context)?.events ?? [];
  const all = () => [...tables.contexts.values()];
  return {
    sizes: (context) => sizesOf(tables.contexts.get(context)),
    rowCounts: (context, after) => countRows(tables.contexts.get(context)?.projections, after),
    eventSizes: (context, times) =>
      kindsOf(context === undefined ? all().flatMap(({ events }) => events) : eventsOf(context), times),
    eventsUpTo: (context, sequence) => {
      const events = eventsOf(context);
      return sizeOf(events.slice(0, countUpTo(events, sequence)));
    },
    contextSizes: (limit) =>
      all()
        .filter(({ context, events }) => context > 0 && events.length > 0)
        .map((table) => ({ name: table.name, keptSequence: table.keptSequence, ...sizeOf(table.events) }))
        .sort((a, b) => b.eventBytes - a.eventBytes || compareCodePoints(a.name, b.name))
        .slice(0, limit)
        .map(({ name, keptSequence, ...size }) => ({
          context: keptSequence === null ? name : null,
          ...size,
        })),
    storeSizes: () => {
      const logBytes = sum(all().map(({ events }) => sizeOf(events).eventBytes));
      const derivedBytes = sum(all().map(({ projections }) => presentBytes(projections)));
      return { bytes: logBytes + derivedBytes, logBytes, derivedBytes, freeBytes: 0 };
    },
  };
}

function sizeOf(events: readonly EventRecord[]): EventSize {
  return {
    events: events.length,
    eventBytes: sum(events.map(({ payload }) => Buffer.byteLength(payload))),
  };
}

function kindsOf(events: readonly EventRecord[], times: Times): EventKindSize[] {
  const kinds = new Map<string, EventKindSize>();
  for (const event of events) {
    const age = times.filter((time) => event.recordedAt < time).length;
    const place = `${event.type} ${age}`;
    const before = kinds.get(place) ?? { events: 0, eventBytes: 0 };
    const eventBytes = before.eventBytes + Buffer.byteLength(event.payload);
    kinds.set(place, { type: event.type, age, events: before.events + 1, eventBytes });
  }
  return [...kinds.values()].sort((a, b) => compareCodePoints(a.type, b.type) || a.age - b.age);
}

function sizesOf(table: ContextTable | undefined): Sizes {
  if (table === undefined) return { events: 0, eventBytes: 0, keys: [] };
  const { events, projections } = table;
  const written = writtenBytes(events);
  const keys = [...projections.changes].flatMap(([scope, lists]) =>
    [...lists].map(([key, list]) => ({
      scope,
      key,
      bytes: valueBytes(projections.current.get(scope)?.get(key)),
      changes: list.length,
      eventBytes: written.get(`${scope} ${key}`) ?? 0,
    })),
  );
  return { ...sizeOf(events), keys: keys.sort(byBytes) };
}

/** What each key takes of the payloads, by scope and key; a payload that is none takes nothing. */
function writtenBytes(events: readonly EventRecord[]): ReadonlyMap<string, number> {
  const written = new Map<string, number>();
  for (const { payload } of events) {
    for (const effect of effectsOf(payload)) {
      const place = `${effect.scope} ${effect.key}`;
      const bytes = Buffer.byteLength(JSON.stringify(effect));
      written.set(place, (written.get(place) ?? 0) + bytes);
    }
  }
  return written;
}

function effectsOf(payload: string): readonly { readonly scope: string; readonly key: string }[] {
  try {
    // What was appended has effects, or is none of ours.
    return (JSON.parse(payload) as { effects?: { scope: string; key: string }[] } | null)?.effects ?? [];
  } catch {
    return [];
  }
}

function byBytes(a: KeySize, b: KeySize): number {
  return b.bytes - a.bytes || compareCodePoints(a.key, b.key) || compareCodePoints(a.scope, b.scope);
}

function valueBytes(row: CurrentRow | undefined): number {
  return row?.bytes ?? Buffer.byteLength(row?.value ?? "");
}

function presentBytes({ current }: Projections): number {
  // Large values stand in the log alone.
  const rows = [...current.values()].flatMap((keys) => [...keys.values()]);
  return sum(rows.map(({ value }) => Buffer.byteLength(value ?? "")));
}

function countRows(projections: Projections | undefined, after: number): ReturnType<Log["rowCounts"]> {
  const lists = [...(projections?.changes.values() ?? [])].flatMap((keys) => [...keys.values()]);
  return {
    keyChanges: sum(lists.map((list) => list.length - countUpTo(list, after))),
    receipts: projections?.receipts.size ?? 0,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
