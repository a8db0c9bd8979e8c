import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ground, openGround, walkOptions } from "../../scripts/soak/walk/ground.js";
import type { AnyStore } from "../../scripts/soak/walk/make-on-store.js";
import { anyStep, type Move, type Step } from "../../scripts/soak/walk/move.js";
import { walk } from "../../scripts/soak/walk/walk.js";
import type { Context, StrategyName } from "../../src/index.js";
import type { Engine, WritableLog } from "../../src/engines/engine.js";
import { openMemoryEngine } from "../../src/engines/memory/memory-engine.js";
import { createCore } from "../../src/store/create-core.js";
import { createHost } from "../../src/store/host.js";
import { Store } from "../../src/store/store.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** Walks on a store with a fault; what it finds is what it throws. */
function walkOn(store: () => AnyStore, steps: number): Promise<void> {
  const open = (): Ground => {
    const faulty = store();
    const ground: Ground = { hands: [faulty, faulty], reopen: () => Promise.resolve(ground) };
    return ground;
  };
  const sample = fc.sample(anyStep, { seed: 7, numRuns: steps });
  return walk(sample, { open, folder: temporaryFolder(), wholeEvery: 200 });
}

/** A memory store whose engine is given something else to append, or nothing. */
function storeThatAppends(append: (log: WritableLog) => WritableLog["append"]): AnyStore {
  const engine = openMemoryEngine("sync");
  const faulty: Engine<"sync"> = {
    ...engine,
    write: (work) => engine.write((log) => work({ ...log, append: append(log) })),
  };
  return new Store(createCore(faulty, createHost(undefined), walkOptions));
}

/** A sound store that gives contexts with a verb of another kind. */
function storeWith(fault: (ctx: Context) => Partial<Context>): AnyStore {
  // On this engine, stores are of the mode "sync".
  const store = openGround("memory sync", temporaryFolder()).hands[0] as Store;
  const faulty = (ctx: Context): Context =>
    overlaid(ctx, { ...fault(ctx), as: (attribution) => faulty(ctx.as(attribution)) });
  const context = (id: string, options: object) => faulty(store.context(id, options));
  // The walk gives no schema.
  return overlaid(store, { context: context });
}

/** The same object, but for some methods. */
function overlaid<Thing extends object>(thing: Thing, other: Partial<Thing>): Thing {
  return new Proxy(thing, {
    get: (_, name) => {
      const value: unknown = Reflect.get(name in other ? other : thing, name, name in other ? other : thing);
      // Private fields are those of the thing itself.
      return typeof value === "function" ? (value.bind(thing) as unknown) : value;
    },
  });
}

describe("a walk beside a model", () => {
  it("finds an engine that forgets the rows of every 50th event", async () => {
    let events = 0;
    const store = () =>
      storeThatAppends((log) => (context, record, rows) => {
        events += 1;
        return log.append(context, record, events % 50 === 0 ? [] : rows);
      });

    await expect(walkOn(store, 400)).rejects.toThrow(/^step \d+: /);
  });

  it("finds a merge that forgets a key", async () => {
    const store = () =>
      storeWith((ctx) => ({
        merge: (values: object, strategy?: StrategyName, options?: object) =>
          ctx.merge(Object.fromEntries(Object.entries(values).slice(0, 3)), strategy, options),
      }));

    await expect(walkOn(store, 400)).rejects.toThrow(/the last \d+ steps:\n\{"move"/);
  });

  it("finds a snapshot that is off by one", async () => {
    const store = () =>
      storeWith((ctx) => ({
        restore: (address, options) => {
          const snapshot = address ?? ctx.snapshots().at(-1);
          const isSnapshot = snapshot instanceof Object && "takenAt" in snapshot && "version" in snapshot;
          return ctx.restore(isSnapshot ? { version: Math.max(0, snapshot.version - 1) } : address, options);
        },
      }));

    await expect(walkOn(store, 400)).rejects.toThrow(/^step \d+: /);
  });

  it("finds nothing where there is no fault, with the same steps", async () => {
    await expect(walkOn(() => storeThatAppends((log) => log.append), 400)).resolves.toBeUndefined();
  });

  it("finds nothing where a fork is forked from before it began, and both that came before are deleted", async () => {
    const step = (on: number, move: Move): Step => ({ move, at: { on, hand: 0 } });
    const steps = [
      step(0, { verb: "fork", back: 0 }),
      ...[1, 2, 3].map((value) => step(1, { verb: "set", key: "b", value })),
      step(1, { verb: "fork", back: 0 }),
      // In the midst of what the first fork recorded.
      step(2, { verb: "fork", back: 2 }),
      step(1, { verb: "remove" }),
      step(1, { verb: "remove" }),
      step(1, { verb: "redact", path: ["b"], present: "remove" }),
    ];
    const folder = temporaryFolder();

    const walked = walk(steps, { open: () => openGround("memory sync", folder), folder, wholeEvery: 100 });
    await expect(walked).resolves.toBeUndefined();
  });
});
