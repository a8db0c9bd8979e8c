import { bySize, type Question } from "./by-size.js";
import type { Table } from "./table.js";

/** What changed between two versions that lie so many changes apart, each of another key. */
export async function diff(): Promise<Table> {
  return await bySize("diff: how one version became another", [1, 10, 100].map(question));
}

function question(distance: number): Question {
  return {
    name: `ctx.diff, ${distance} ${distance === 1 ? "key differs" : "keys differ"}`,
    rounds: 200,
    ask: ({ context }, place) => {
      const from = 400 + Math.floor(place * (context.version - 400 - distance));
      // The phase in the middle writes two keys that are written again right after it.
      const least = Math.max(1, distance - 2);
      if (context.diff(from, from + distance).length < least) throw new Error("A change is missing.");
    },
  };
}
