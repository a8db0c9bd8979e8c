import { describe, expect, it } from "vitest";
import { liveAndRead } from "./graphs/parallel.js";
import { graphScripts } from "./graphs/graph-scripts.js";
import { savers } from "./graphs/savers.js";
import { comparable } from "./graphs/tell.js";

describe.each(graphScripts)("$title", ({ run, defects = {} }) => {
  it("ends in the same states, by the same way, as with the savers of LangGraph", async () => {
    const ours = comparable(await run(savers.DurableContextSaver()));

    for (const reference of ["MemorySaver", "SqliteSaver"] as const) {
      if (reference in defects) continue;
      expect(ours, reference).toEqual(comparable(await run(savers[reference]())));
    }
  });
});

describe("branches that end in any order", () => {
  it.each(["whole", "delta"] as const)(
    "leave a list, kept %s, that is read as it was live, 20 of 20 times",
    async (kind) => {
      const { live, read } = await liveAndRead(kind, 20, savers.DurableContextSaver());

      expect(read).toEqual(live);
    },
  );
});
