import type { Contestant, Step } from "./contestant.js";

/** Kinds of work: what a lap of each is, as times of its parts in ms. */
export const works: Readonly<Record<string, (contestant: Contestant) => (lap: number) => Promise<number[]>>> =
  {
    append: (contestant) => async (lap) => {
      const steps = stepsOf(lap, appendsPerLap);
      contestant.ready?.(steps);
      return [
        await timed(async () => {
          for (const [key, value] of steps) await set(contestant, key, value);
        }),
      ];
    },
    batch: (contestant) => async (lap) => {
      const steps = stepsOf(lap, batchSize);
      contestant.ready?.(steps);
      return [await timed(async () => contestant.setTogether?.(steps))];
    },
    fold: (contestant) => async (lap) => {
      // The first lap only writes what the others read.
      if (lap === 0) {
        for (let part = 0; part < foldedEvents / batchSize; part++) {
          const steps = stepsOf(part, batchSize, 200);
          contestant.ready?.(steps);
          await contestant.setTogether?.(steps);
        }
        return [];
      }
      return [
        await timed(async () => {
          const keys = await contestant.fold?.();
          if (keys === undefined || keys < 200) throw new Error("A key is missing.");
        }),
      ];
    },
    conversation: (contestant) => {
      const messages: unknown[] = [];
      return async (lap) => {
        const times: number[] = [];
        for (let step = lap * stepsPerLap; step < (lap + 1) * stepsPerLap; step++) {
          const message = messageOf(step);
          messages.push(message);
          times.push(await timed(async () => push(contestant, messages)));
        }
        return times;
      };
    },
    stream: (contestant) => {
      let output = "";
      return async (lap) => {
        const times: number[] = [];
        for (let tick = lap * ticksPerLap; tick < (lap + 1) * ticksPerLap; tick++) {
          output += tickOf(tick);
          times.push(await timed(async () => set(contestant, "output", output)));
        }
        return times;
      };
    },
  };

export const appendsPerLap = 200;
export const batchSize = 100;
export const foldedEvents = 10_000;
export const stepsPerLap = 50;
export const ticksPerLap = 207;
/** So many laps are done on another file first, where the first ones are what is looked at. */
export const rehearsals: Readonly<Record<string, number>> = { conversation: 8, stream: 4 };
/** Of which 81 KB make 4,140 ticks. */
export const tickBytes = 20;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function set(contestant: Contestant, key: string, value: unknown): Promise<void> {
  // Who answers at once is not waited for.
  const done = contestant.set?.(key, value);
  if (done !== undefined) await done;
}

async function push(contestant: Contestant, messages: readonly unknown[]): Promise<void> {
  if (contestant.push !== undefined) await contestant.push("messages", messages.at(-1));
  else await set(contestant, "messages", [...messages]);
}

/** Values as an orchestrator sets them, over so many keys. */
function stepsOf(lap: number, count: number, keys = 20): Step[] {
  return Array.from({ length: count }, (_, step) => [
    `key_${(lap * count + step) % keys}`,
    { lap, step, status: "running", note: "the quick brown fox jumps over the lazy dog" },
  ]);
}

/** A message of 1 KB in JSON, different from all others. */
function messageOf(step: number): { readonly role: string; readonly content: string } {
  const role = step % 2 === 0 ? "user" : "assistant";
  const empty = JSON.stringify({ role, content: "" }).length;
  return { role, content: textOf(step, 1024 - empty) };
}

function tickOf(tick: number): string {
  return textOf(tick, tickBytes);
}

/** Words that follow from a number: not one text over and over, which a compression would make nothing of. */
function textOf(seed: number, length: number): string {
  let state = seed * 2654435761 + 1;
  let text = "";
  while (text.length < length) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += `${state.toString(36)} `;
  }
  return text.slice(0, length);
}
