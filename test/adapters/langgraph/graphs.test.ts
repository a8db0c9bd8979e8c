import { describe, expect, it } from "vitest";
import type { Reference } from "./graphs/graph-script.js";
import { graphScripts } from "./graphs/graph-scripts.js";
import { savers } from "./graphs/savers.js";
import { comparable } from "./graphs/tell.js";

describe.each(graphScripts)("$title", ({ run, defects = {} }) => {
  it("ends in the same states, by the same way, as with the savers of LangGraph", async () => {
    const a = comparable(await run(savers.MemorySaver()));
    if (!("SqliteSaver" in defects)) expect(comparable(await run(savers.SqliteSaver()))).toEqual(a);
  });
});
