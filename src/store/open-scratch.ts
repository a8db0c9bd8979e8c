import type { Standing } from "../core/commands/assume.js";
import { openMemoryEngine } from "../engines/memory/memory-engine.js";
import type { Mode } from "../program/program.js";
import { assume } from "../workflows/what-if.js";
import type { Live } from "../workflows/workplace.js";
import { ContextsInUse } from "./contexts-in-use.js";
import { StoreCore } from "./store-core.js";
import { TurnEnd } from "./turn-end.js";

/** A context in memory, and the store that holds nothing else. */
export interface Scratch {
  readonly core: StoreCore<"sync">;
  readonly live: Live;
}

/**
 * Opens a store in memory whose one context begins as a state stands, under the rules, the clock and the classes
 * of another store. Nobody is told of what happens in it, and nobody has to close it.
 */
export function openScratch({ site, attribution }: StoreCore<Mode>, standing: Standing): Scratch {
  const engine = openMemoryEngine("sync");
  const { codec, host, rules } = site;
  const lives = new ContextsInUse();
  const own = { engine, codec, host, rules, lives, warn: () => undefined, unit: undefined };
  const live = engine.run(assume(own, standing));
  return {
    core: new StoreCore({ engine, turn: new TurnEnd(engine.group) }, own, attribution, new Set(), new Set()),
    live,
  };
}
