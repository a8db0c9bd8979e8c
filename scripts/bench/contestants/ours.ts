import { type Context, type ContextEvent, openStore } from "durable-context";
import type { Contestant, Contestants, Place } from "../contestant.js";

/** The library, which keeps everything: hash, checksums, projections, anchor. */
export const contestants: Contestants = {
  edit: (place) => {
    const { context, contestant } = enter(place);
    const push = (key: string, item: unknown) => {
      context.edit(key, (list) => {
        // The list of this key is made at the first push.
        (list as unknown[]).push(item);
      });
    };
    return {
      ...contestant,
      push: (key, item) => {
        if (context.has(key)) push(key, item);
        else context.set(key, [item]);
      },
    };
  },
  set: (place) => enter(place).contestant,
};

function enter({ file, durability }: Place): { context: Context; contestant: Contestant } {
  const store = openStore(file, { durability });
  const context = store.context("run-42");
  const contestant: Contestant = {
    set: (key, value) => {
      context.set(key, value);
    },
    setTogether: (steps) => {
      context.batch(() => {
        for (const [key, value] of steps) context.set(key, value);
      });
    },
    fold: () => context.replayInto(apply, new Map<string, unknown>()).size,
    bytes: () => store.stats().bytes,
    close: () => {
      store.close();
    },
  };
  return { context, contestant };
}

function apply(state: Map<string, unknown>, { effects }: ContextEvent): Map<string, unknown> {
  for (const { op, key, value } of effects) if (op === "set") state.set(key, value);
  return state;
}
