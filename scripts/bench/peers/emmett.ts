import { statSync } from "node:fs";
import type { Contestants } from "../contestant.js";
import { loadPeer } from "./load-peer.js";

interface Event {
  readonly type: string;
  readonly data: { readonly key: string; readonly value: unknown };
}

interface Connection {
  readonly command: (sql: string) => Promise<unknown>;
  readonly query: (sql: string) => Promise<{ readonly page_count: number }[]>;
  readonly close: () => void;
}

interface EventStore {
  readonly schema: { readonly migrate: () => Promise<void> };
  readonly appendToStream: (
    stream: string,
    events: readonly Event[],
    options: { readonly expectedStreamVersion: bigint },
  ) => Promise<{ readonly nextExpectedStreamVersion: bigint }>;
  readonly aggregateStream: (
    stream: string,
    fold: {
      readonly evolve: (state: Map<string, unknown>, event: Event) => Map<string, unknown>;
      readonly initialState: () => Map<string, unknown>;
    },
  ) => Promise<{ readonly state: Map<string, unknown> }>;
}

interface Emmett {
  readonly sqliteConnection: (options: { readonly fileName: string }) => Connection;
  readonly getSQLiteEventStore: (options: {
    readonly fileName: string;
    readonly schema: { readonly autoMigration: "None" };
    readonly connectionOptions: { readonly singleton: true; readonly connection: Connection };
  }) => EventStore;
}

/** Emmett's event store on one connection that stays open: its faster way. It keeps events, and no state. */
export const contestants: Contestants = {
  append: async ({ file, durability }) => {
    const emmett = await loadPeer<Emmett>("@event-driven-io/emmett-sqlite");
    const connection = emmett.sqliteConnection({ fileName: file });
    await connection.command(`PRAGMA synchronous = ${durability}`);
    const store = emmett.getSQLiteEventStore({
      fileName: file,
      schema: { autoMigration: "None" },
      connectionOptions: { singleton: true, connection },
    });
    await store.schema.migrate();
    let version = 0n;
    const append = async (events: readonly Event[]) => {
      const done = await store.appendToStream("run-42", events, { expectedStreamVersion: version });
      version = done.nextExpectedStreamVersion;
    };
    return {
      set: (key, value) => append([{ type: "value_set", data: { key, value } }]),
      setTogether: (steps) =>
        append(steps.map(([key, value]) => ({ type: "value_set", data: { key, value } }))),
      fold: async () => {
        const { state } = await store.aggregateStream("run-42", {
          evolve: (before, { data }) => before.set(data.key, data.value),
          initialState: () => new Map<string, unknown>(),
        });
        return state.size;
      },
      bytes: () => statSync(file).size,
      close: () => {
        connection.close();
      },
    };
  },
};
