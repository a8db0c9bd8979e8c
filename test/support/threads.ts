import { join } from "node:path";
import type { RunnableConfig } from "@langchain/core/runnables";
import { type Checkpoint, type CheckpointMetadata, uuid6 } from "@langchain/langgraph-checkpoint";
import { onTestFinished } from "vitest";
import { DurableContextSaver } from "../../src/adapters/langgraph/index.js";
import { temporaryFolder } from "./sqlite-files.js";

/** Opens a saver on a file, which is closed when the test ends. A lost power supply is not what is tested here. */
export function openSaver(path = join(temporaryFolder(), "threads.db")): DurableContextSaver {
  const saver = DurableContextSaver.open(path, { durability: "normal" });
  onTestFinished(() => saver.close());
  return saver;
}

/** The config of a thread, or of one of its graphs. */
export function threadOf(thread_id: string, checkpoint_ns = ""): RunnableConfig {
  return { configurable: { thread_id, checkpoint_ns } };
}

/** What is to be put: the channels that changed, and those that stay as they are. */
export interface Step {
  readonly changed?: Record<string, unknown>;
  /** Channels that have no value any more. */
  readonly emptied?: readonly string[];
  readonly same?: Record<string, unknown>;
  readonly versions?: Record<string, number>;
  readonly metadata?: Record<string, unknown>;
  readonly id?: string;
}

let made = 0;

/** Puts a checkpoint behind the one that a config names, as a graph does; gives the config of the new one. */
export async function putStep(
  saver: DurableContextSaver,
  config: RunnableConfig,
  { changed = {}, emptied = [], same = {}, versions = {}, metadata = {}, id }: Step,
): Promise<RunnableConfig> {
  made += 1;
  const newVersions = Object.fromEntries(
    [...Object.keys(changed), ...emptied].map((channel) => [channel, made]),
  );
  const checkpoint: Checkpoint = {
    v: 4,
    id: id ?? uuid6(made),
    ts: new Date(1_700_000_000_000 + made).toISOString(),
    channel_values: { ...same, ...changed },
    channel_versions: { ...versions, ...newVersions },
    versions_seen: { agent: { "branch:to:agent": made } },
  };
  const told: CheckpointMetadata = { source: "loop", step: made, parents: {}, ...metadata };
  return saver.put(config, checkpoint, told, newVersions);
}

/** The values of the checkpoint that a config names. */
export async function valuesOf(
  saver: DurableContextSaver,
  config: RunnableConfig,
): Promise<Record<string, unknown> | undefined> {
  return (await saver.get(config))?.channel_values;
}

/** The channel versions of the checkpoint that a config names. */
export async function versionsOf(
  saver: DurableContextSaver,
  config: RunnableConfig,
): Promise<Record<string, number>> {
  // All of them are numbers here.
  return (await saver.get(config))?.channel_versions as Record<string, number>;
}
