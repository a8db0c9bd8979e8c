import { bySize } from "./by-size.js";
import type { Table } from "./table.js";

/** The state at versions from all of a context's history. */
export async function at(): Promise<Table> {
  return await bySize("at: the whole state at a version", [
    {
      name: "ctx.at(version).data",
      goalMs: 5,
      rounds: 200,
      ask: ({ context }, place) => {
        const version = Math.floor(place * context.version);
        const { data } = context.at(version);
        if (version > 200 && Object.keys(data).length !== 200) throw new Error("A key is missing.");
      },
    },
  ]);
}
