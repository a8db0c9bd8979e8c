/** What the columns of a file are called, as SQL; what an older release did not have stands as a constant. */
export interface Columns {
  readonly thread: string;
  readonly namespace: string;
  readonly id: string;
  readonly parent: string;
  readonly type: string;
  readonly metadata: string;
  /** Of the table of writes, which the oldest ones lack. */
  readonly writes: { readonly path: string } | undefined;
}

/** Names that a column has had, the newest first; the last may be what stands for one that is missing. */
const names = {
  id: ["checkpoint_id", "thread_ts"],
  parent: ["parent_checkpoint_id", "parent_id", "parent_ts"],
} as const;

const ofWrites = [
  "thread_id",
  "checkpoint_ns",
  "checkpoint_id",
  "task_id",
  "idx",
  "channel",
  "type",
  "value",
];

/** Tells the columns from those that a file's tables have; or says why it is no file of the saver. */
export function findColumns(checkpoints: readonly string[], writes: readonly string[]): Columns | string {
  if (checkpoints.length === 0) return `it has no table "checkpoints", which LangGraph's SqliteSaver makes`;
  const id = names.id.find((name) => checkpoints.includes(name));
  const parent = names.parent.find((name) => checkpoints.includes(name));
  if (
    id === undefined ||
    parent === undefined ||
    !["thread_id", "checkpoint"].every((name) => checkpoints.includes(name))
  )
    return `its table "checkpoints" is not the one that LangGraph's SqliteSaver makes`;
  if (writes.length > 0 && !ofWrites.every((name) => writes.includes(name)))
    return `its table "writes" is not the one that LangGraph's SqliteSaver makes`;
  const orConstant = (name: string, constant: string) => (checkpoints.includes(name) ? name : constant);
  return {
    ...{ thread: "thread_id", id, parent },
    namespace: orConstant("checkpoint_ns", "''"),
    type: orConstant("type", "'json'"),
    metadata: orConstant("metadata", "'{}'"),
    writes: writes.length === 0 ? undefined : { path: writes.includes("task_path") ? "task_path" : "''" },
  };
}
