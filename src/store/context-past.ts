import type { Change } from "../core/change-log.js";
import type { Difference } from "../core/diff/difference.js";
import type { Mode, Program, Returns } from "../program/program.js";
import { diff } from "../workflows/diff.js";
import { type HistoryFilter, readChanges, readHistory } from "../workflows/history.js";
import { viewAt } from "../workflows/view-at.js";
import { type ContextEvent, toContextEvent, toContextEventHeader } from "./context-event.js";
import { ContextReader } from "./context-reader.js";
import { type HistoryQuery, takeQuery } from "./history-query.js";
import { type Address, pointOf } from "./point.js";
import type { Page, Stream } from "./stream.js";
import { View } from "./view.js";

/** Where a stream of events goes on: behind which event, and how many it has given. */
interface EventCursor {
  readonly place: Pick<HistoryFilter, "after">;
  readonly found: number;
}

/** Events of a page; bounds memory, not results. */
const largestPage = 500;

/** What a context tells of its past, which is read from the log. */
export class ContextPast<Values extends object, M extends Mode> extends ContextReader<Values, M> {
  /**
   * The state at a version, time, event or snapshot.
   * @example ctx.at(17).data; ctx.at("@~3").get("plan"); ctx.at({ snapshot: "before research" })
   * @throws {ContextError} ADDRESS_INVALID, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
   */
  at(address: Address): Returns<M, View<Values>> {
    return this.ask(() => this.#view(address));
  }

  /**
   * How the persistent keys became what they are, or were at a second state: added, removed and changed
   * parts with their paths. Arrays are compared by content, long texts by their words.
   * @example ctx.diff(3, 9); ctx.diff("@snapshot:before research")
   * @throws {ContextError} ADDRESS_INVALID, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
   */
  diff(from: Address, to: Address = "@latest"): Returns<M, Difference> {
    return this.ask(() => diff(this.core.site, this.live, pointOf(from), pointOf(to)));
  }

  /**
   * What has changed since a state, in sum: what {@link diff} tells of it and the newest one.
   * @throws {ContextError} ADDRESS_INVALID, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
   */
  since(address: Address): Returns<M, Difference> {
    return this.diff(address);
  }

  /** The change log: the newest changes of data and protection, oldest first (200 by default). */
  changes(): Returns<M, readonly Change[]> {
    return this.ask(() => readChanges(this.core.site, this.live));
  }

  /** The context's events, oldest first unless asked otherwise; all of them unless limited. */
  history(filter: HistoryQuery = {}): Returns<M, readonly ContextEvent[]> {
    return this.ask(() => this.#history(takeQuery(filter)));
  }

  /**
   * The same events, read page by page as the reader goes on: a long history takes neither time nor memory
   * before it is asked for. Nothing is held open meanwhile, so what is written in between is read as well.
   * @example for (const event of ctx.events({ type: "value_set" })) console.log(event.sequence);
   */
  events(filter: HistoryQuery = {}): Stream<M, ContextEvent> {
    return this.stream(() => {
      const query = takeQuery(filter);
      return (cursor: EventCursor | undefined) => this.#page(query, cursor);
    });
  }

  *#view(address: Address): Program<View<Values>> {
    const { site } = this.core;
    const { context, stamp, event, values } = yield* viewAt(site, this.live, pointOf(address));
    const { version, sequence, recordedAt: at } = stamp;
    const place = { context, version, sequence, at, event: toContextEventHeader(event) };
    return new View<Values>(place, values, site.codec);
  }

  *#history(filter: HistoryFilter): Program<readonly ContextEvent[]> {
    const events = yield* readHistory(this.core.site, this.live, filter);
    return events.map((event) => toContextEvent(event, this.core.site.codec));
  }

  *#page(
    { limit: wanted = Infinity, ...filter }: HistoryFilter,
    cursor: EventCursor = { found: 0, place: {} },
  ): Program<Page<ContextEvent, EventCursor>> {
    const limit = Math.min(largestPage, wanted - cursor.found);
    const items = yield* this.#history({ ...filter, ...cursor.place, limit });
    const found = cursor.found + items.length;
    const last = items.at(-1);
    const isEnd = last === undefined || items.length < limit || found >= wanted;
    return { items, next: isEnd ? undefined : { found, place: { after: last.sequence } } };
  }
}
