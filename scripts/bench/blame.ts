import { bySize } from "./by-size.js";
import type { Table } from "./table.js";

/** Which events gave each part of a key's value. */
export async function blame(): Promise<Table> {
  return await bySize("blame: the event behind each part of a value", [
    {
      name: "ctx.blame, a part that the last change made",
      goalMs: 5,
      rounds: 200,
      ask: ({ context }, place) => {
        requireParts(context.blame([`key_${Math.floor(place * 198)}`, "step"]), 1);
      },
    },
    {
      name: "ctx.blame, a key with parts as old as itself",
      goalMs: 5,
      rounds: 100,
      ask: ({ context }, place) => {
        requireParts(context.blame([`key_${Math.floor(place * 198)}`]), 5);
      },
    },
  ]);
}

function requireParts(found: readonly unknown[], parts: number): void {
  if (found.length !== parts) throw new Error("A part is missing.");
}
