import { anchorEnding, longestBytes } from "../../../src/engines/sqlite/anchor.js";
import { recordBytes } from "../../../src/engines/sqlite/anchor-record.js";
import type { Setting } from "../part.js";
import type { Image } from "./image.js";
import { storeName } from "./open-image.js";
import { recordTrace, type Work } from "./record-trace.js";
import type { Searched } from "./row-of-cuts.js";
import type { Scratch } from "./scratch.js";
import { searchTrace } from "./search-trace.js";

interface Again {
  readonly traces: number;
  readonly rounds: number;
  readonly images: number;
  readonly work: Omit<Work, "seed" | "rounds">;
  readonly setting: Setting;
  readonly scratch: Scratch;
  /** What is done to what the first cut left. */
  readonly prepare?: (image: Image) => Image;
}

/** Cuts the power, opens what that left, works on it, and cuts the power once more. */
export async function cutAgain(given: Again): Promise<readonly Searched[]> {
  const { rounds, images, work, setting, scratch, prepare = (image: Image) => image } = given;
  const { random } = setting;
  const searched: Searched[] = [];
  const common = { random, folder: scratch.images, thoroughEvery: 10, keep: scratch.keep };
  for (let time = 0; time < given.traces; time += 1) {
    const seed = random.seed();
    const first = await recordTrace(scratch.folder, { ...work, seed, rounds });
    const { sample } = searchTrace({ ...common, trace: first, images: images / 4 });
    const start = prepare(sample.image);
    const second = await recordTrace(scratch.folder, { ...work, seed: seed + 1, rounds }, { start });
    searched.push({
      seed,
      found: searchTrace({ ...common, trace: second, images, start, told: sample.told }),
    });
  }
  return searched;
}

const anchorName = storeName + anchorEnding;

/** Makes an anchor so long that it is soon begun anew, by repeating the oldest of what it tells. */
export function lengthenAnchor(image: Image): Image {
  const content = image.get(anchorName) ?? Buffer.alloc(0);
  const oldest = content.subarray(0, recordBytes);
  const missing = Math.floor((longestBytes - content.length) / recordBytes) - 4;
  if (oldest.length < recordBytes || missing < 0) return image;
  const repeated = Array.from({ length: missing }, () => oldest);
  return new Map([...image, [anchorName, Buffer.concat([...repeated, content])]]);
}
