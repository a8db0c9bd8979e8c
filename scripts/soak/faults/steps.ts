import type { Context, Store } from "../../../src/index.js";

/** One write, under a key that makes it happen once however often it is asked for. */
export interface Step {
  readonly key: string;
  /** Writes, and gives what came of it where that is the same whenever it is asked again. */
  readonly run: (context: Context, key: string) => unknown;
  /** How often it is there. */
  readonly count: (store: Store, key: string) => number;
}

/** Every kind of write; together they make the log so long that it is emptied in the midst of them. */
export const steps: readonly Step[] = [
  keyed("set", (context, options) => context.set("goal", { text: "ship v1", parts: [1, 2, 3] }, options)),
  keyed("edit", (context, options) => {
    context.edit("count", (count: unknown) => Number(count ?? 0) + 1, options);
  }),
  keyed("update", (context, options) => context.update({ a: 1, b: "two", c: [3] }, options)),
  keyed("merge", (context, options) => context.merge({ found: 7, goal: 0 }, "safe", options)),
  keyed("setEphemeral", (context, options) => context.setEphemeral("progress", 50, options)),
  keyed("snapshot", (context, options) => context.snapshot("half-way", options)),
  keyed("batch", (context, options) =>
    context.batch(() => {
      context.set("left", 1);
      context.set("right", 1);
      context.set("both", true, options);
    }),
  ),
  keyed("large value", (context, options) => context.set("large", "x".repeat(4_500_000), options)),
  keyed("protect", (context, options) => context.protect("goal", options)),
  keyed("delete", (context, options) => context.delete("found", options)),
  keyed("restore", (context, options) => context.restore("@0", options)),
  keyed("clearEphemeral", (context, options) => context.clearEphemeral(options)),
  {
    key: "phase",
    run: (context, once) => context.phase("work", (copy) => (copy.phase = "done"), { once }),
    count: (store, once) =>
      store
        .context("run")
        .phases()
        .filter((phase) => phase.once === once && phase.status === "finished").length,
  },
  {
    key: "fork",
    run: (context, id) => void context.fork(id),
    count: (store, id) => (store.find(id) === undefined ? 0 : 1),
  },
];

function keyed(key: string, write: (context: Context, options: { idempotencyKey: string }) => unknown): Step {
  return {
    key,
    run: (context, idempotencyKey) => write(context, { idempotencyKey }),
    count: (store, idempotencyKey) =>
      store.query("SELECT 1 FROM events WHERE idempotency_key = ?", [idempotencyKey]).rows.length,
  };
}
