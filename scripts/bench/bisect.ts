import { bySize } from "./by-size.js";
import type { Table } from "./table.js";

/** The first version with a claim true of it. */
export async function bisect(): Promise<Table> {
  return await bySize("bisect: the first version of which a claim is true", [
    {
      name: "ctx.bisect(view => …)",
      goalMs: 200,
      rounds: 50,
      ask: ({ context }, place) => {
        const step = 400 + Math.floor(place * (context.version - 800));
        const found = context.bisect((view) => stepOf(view.get("key_7")) >= step);
        if (found === undefined || stepOf(found.view.get("key_7")) > step + 200)
          throw new Error("The version is not the first one.");
      },
    },
  ]);
}

function stepOf(value: unknown): number {
  // Every value of the large stores that a step has made says which.
  return (value as { step: number } | undefined)?.step ?? -1;
}
