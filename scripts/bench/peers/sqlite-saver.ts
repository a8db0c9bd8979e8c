import { openRaw, pageBytes } from "../contestants/raw.js";
import type { Contestants } from "../contestant.js";
import { loadPeer } from "./load-peer.js";

interface Config {
  readonly configurable: {
    readonly thread_id: string;
    readonly checkpoint_ns: string;
    readonly checkpoint_id?: string;
  };
}

interface Saver {
  readonly put: (
    config: Config,
    checkpoint: {
      readonly v: 4;
      readonly id: string;
      readonly ts: string;
      readonly channel_values: Readonly<Record<string, unknown>>;
      readonly channel_versions: Readonly<Record<string, number>>;
      readonly versions_seen: object;
    },
    metadata: { readonly source: "loop"; readonly step: number; readonly parents: object },
    newVersions: Readonly<Record<string, number>>,
  ) => Promise<Config>;
}

interface SaverPackage {
  readonly SqliteSaver: new (database: unknown) => Saver;
}

interface CheckpointPackage {
  readonly uuid6: (clock: number) => string;
}

/** LangGraph's checkpoint saver, handed the state after each step as its graphs hand it. */
export const contestants: Contestants = {
  put: async ({ file, durability }) => {
    const { SqliteSaver } = await loadPeer<SaverPackage>("@langchain/langgraph-checkpoint-sqlite");
    const { uuid6 } = await loadPeer<CheckpointPackage>("@langchain/langgraph-checkpoint");
    const database = openRaw(file, durability);
    const saver = new SqliteSaver(database);
    const state: Record<string, unknown> = {};
    const versions: Record<string, number> = {};
    let config: Config = { configurable: { thread_id: "run-42", checkpoint_ns: "" } };
    let step = 0;
    return {
      set: async (key, value) => {
        state[key] = value;
        versions[key] = ++step;
        const checkpoint = {
          v: 4 as const,
          id: uuid6(step),
          ts: new Date().toISOString(),
          channel_values: { ...state },
          channel_versions: { ...versions },
          versions_seen: {},
        };
        const metadata = { source: "loop" as const, step, parents: {} };
        config = await saver.put(config, checkpoint, metadata, { [key]: step });
      },
      bytes: () => pageBytes(database),
      close: () => {
        database.close();
      },
    };
  },
};
