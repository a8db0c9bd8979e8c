import { getCheckpointId } from "@langchain/langgraph-checkpoint";
import type { RunnableConfig } from "@langchain/core/runnables";
import { createHash } from "node:crypto";
import { ContextError } from "../../index.js";

/** A thread, and which of its graphs: the root, whose namespace is empty, or a subgraph. Each pair is a context. */
export interface Place {
  readonly thread: string;
  readonly namespace: string;
}

/** What a config may name: all threads, all namespaces of one, one place, one checkpoint in it. */
export interface Scope {
  readonly thread: string | undefined;
  readonly namespace: string | undefined;
  readonly checkpoint: string | undefined;
}

/**
 * Reads what a config names.
 * @throws {ContextError} OPTION_INVALID where it is no text
 */
export function scopeOf(config: RunnableConfig): Scope {
  const { thread_id: thread, checkpoint_ns: namespace } = config.configurable ?? {};
  const checkpoint = textOf("checkpoint_id", getCheckpointId(config));
  return {
    thread: textOf("thread_id", thread),
    namespace: textOf("checkpoint_ns", namespace),
    // Where none is named, the answer is an empty text.
    checkpoint: checkpoint === "" ? undefined : checkpoint,
  };
}

/**
 * Reads the place that a config has to name; without a namespace it is the root.
 * @throws {ContextError} OPTION_INVALID
 */
export function placeOf(config: RunnableConfig): Place & Pick<Scope, "checkpoint"> {
  const { thread, namespace = "", checkpoint } = scopeOf(config);
  if (thread === undefined) throw missing("thread_id");
  return { thread, namespace, checkpoint };
}

/** The refusal of a config that lacks something. */
export function missing(name: string): ContextError {
  const why = `the config's "configurable" has none; pass { configurable: { ${name}: … } }`;
  return new ContextError("OPTION_INVALID", { option: name, why });
}

/** The config that names a checkpoint. */
export function configOf({ thread, namespace }: Place, checkpoint: string): RunnableConfig {
  return { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: checkpoint } };
}

/** All contexts of threads have ids that begin so. */
const root = "langgraph/";

/** The id of a place's context. Every text is a thread's or namespace's name, and no two places have one id. */
export function contextIdOf({ thread, namespace }: Place): string {
  const own = `${root}${written(thread)}`;
  return namespace === "" ? own : `${own}/${written(namespace)}`;
}

/** Patterns that the ids of all places of a thread fit, or those of all threads. */
export function idPatternsOf(thread: string | undefined): readonly string[] {
  if (thread === undefined) return [`${root}*`];
  const own = contextIdOf({ thread, namespace: "" });
  return [own, `${own}/*`];
}

/** What separates, what a pattern or an id cannot have, and halves of surrogate pairs. */
const awkward =
  /[%/*?[\]\\\u0000-\u001f\u007f]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Two names, what is before them and between them fit into an id. */
const longestName = 240;

function written(name: string): string {
  const plain = name.replace(awkward, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (plain !== "" && plain.length <= longestName) return plain;
  // No name that is written plainly ends in this.
  const digest = createHash("sha256").update(name, "utf16le").digest("hex");
  return `${plain.slice(0, 50).replace(/[\uD800-\uDBFF]$/, "")}%${digest}`;
}

function textOf(option: string, given: unknown): string | undefined {
  if (given === undefined || typeof given === "string") return given;
  throw new ContextError("OPTION_INVALID", { option, why: "it is not text" });
}
