import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleChild } from "../../scripts/soak/bundle.js";
import { checkStore } from "../../scripts/soak/check-store.js";
import { type Fault, faultEnvironment } from "../../scripts/soak/fault.js";
import type { TurnAssignment } from "../../scripts/soak/turn-assignment.js";
import { runWorker } from "../../scripts/soak/worker.js";
import { openStore } from "../../src/index.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("a process whose writes are grouped", () => {
  it.each(["kill", "exit"] as const)(
    "loses by a %s what durable() did not cover, and no more",
    async (ending) => {
      const path = join(newFolder(), "runs.db");

      const { said } = await work({ path, turns: 3, ending });

      expect(said.at(-1)).toEqual({ seen: 3 });
      expect(leftAndRight(path)).toEqual([2, 2, 2, 2, 2, 2]);
      expect(checkStore(path, []).failures).toEqual([]);
    },
  );

  it("that goes on without closing loses nothing", async () => {
    const path = join(newFolder(), "runs.db");

    const { told } = await work({ path, turns: 2, ending: "go on" });

    expect(new Set(told.values())).toEqual(new Set(["done"]));
    expect(leftAndRight(path)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it.each([1, 2, 3, 4])(
    "is told of flush %i of the log that fails, at durable() and from then on",
    async (at) => {
      const fault: Fault = { at, deed: "EIO", operations: ["fsync"], files: ["wal"] };
      const { told, warned, turns } = await workInto(fault);

      expect(told.get("set")).toBe("OUTCOME_UNKNOWN");
      expect(told.get("get")).toBe("OUTCOME_UNKNOWN");
      expect(told.get("durable")).toBe("OUTCOME_UNKNOWN");
      expect(told.get("close")).toBe("done");
      expect(warned).toEqual(["durability"]);
      expect(turns).toEqual(inOrder(turns, turnsTold(told)));
    },
  );

  it.each([1, 20, 40])(
    "is told that its writes are lost when the disk is full from write %i on",
    async (at) => {
      const fault: Fault = { at, deed: "ENOSPC", operations: ["write"], files: ["wal"], isSticky: true };
      const { told, warned, turns } = await workInto(fault);

      expect(told.get("set")).toBe("WRITES_LOST");
      expect(told.get("get")).toBe("WRITES_LOST");
      expect(told.get("close")).toBe("done");
      expect(warned).toEqual(["durability"]);
      expect(turns).toEqual(inOrder(turns, turnsTold(told)));
    },
  );
});

function newFolder(): string {
  const folder = join(temporaryFolder(), "stores");
  mkdirSync(folder);
  return folder;
}

/** Lets a process write, and gives all that it said. */
async function work(assignment: TurnAssignment, env: NodeJS.ProcessEnv = {}) {
  const end = await runWorker(await bundleChild("write-in-a-turn"), assignment, { env });
  const said = end.lines.map((line) => JSON.parse(line) as { what?: string; told?: string; warned?: string });
  return {
    said,
    told: new Map(said.flatMap(({ what, told }) => (what === undefined ? [] : [[what, told] as const]))),
    warned: said.flatMap(({ warned = [] }) => warned),
  };
}

/** Lets a process write in a store that is there, while a call fails. */
async function workInto(fault: Fault) {
  const folder = newFolder();
  const path = join(folder, "runs.db");
  openStore(path).close();
  const given = { path, turns: 3, ending: "go on" } as const;
  const { told, warned } = await work(given, faultEnvironment(folder, fault));
  return { told, warned, turns: leftAndRight(path) };
}

/** The last turn that a process was told to be durable. */
function turnsTold(told: ReadonlyMap<string, string | undefined>): number {
  return [1, 2, 3].findLast((turn) => told.get(`turn ${turn}`) === "done") ?? 0;
}

/** What contexts hold if all that was told is there, and what was not is there from the first on, by whole batches. */
function inOrder(found: readonly unknown[], told: number): unknown[] {
  const pairs = [0, 2, 4].map((place) => Math.max(told, Number(found[place] ?? 0)));
  const sorted = pairs.sort((one, other) => other - one);
  return sorted.flatMap((turn) => (turn === 0 ? [undefined, undefined] : [turn, turn]));
}

/** What each context holds, opened anew. */
function leftAndRight(path: string): unknown[] {
  using store = openStore(path, { create: false });
  return ["a", "b", "c"].flatMap((id) => {
    const context = store.find(id);
    return [context?.get("left"), context?.get("right")];
  });
}
