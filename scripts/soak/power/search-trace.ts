import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../random.js";
import { acknowledgedBy } from "./acknowledged.js";
import { describeCrash } from "./describe-crash.js";
import { Disk, type DiskOptions } from "./disk.js";
import { fingerprint, type Image, makeImage } from "./image.js";
import { chooseLoss, type Loss, loseAll } from "./loss.js";
import { fillFolder, openAfterCut } from "./open-image.js";
import type { Deed } from "./trace.js";

/** How a trace is searched for power cuts that break the promise. */
export interface Search extends DiskOptions {
  readonly trace: readonly Deed[];
  readonly random: Random;
  /** An empty folder, on a fast disk, that images are opened in. */
  readonly folder: string;
  /** About how many images are made, besides that of what was flushed at every point of the trace. */
  readonly images: number;
  /** Every so manieth image is verified in full. */
  readonly thoroughEvery: number;
  /** What had been acknowledged before the trace begins, and must be there as well. */
  readonly told?: readonly string[];
  /** Where the images that break the promise are kept. */
  readonly keep?: string;
}

/** What the power cuts of one trace came to. */
export interface Found {
  /** Different images that were opened. */
  readonly images: number;
  /** How often the power was cut; many cuts leave the same image. */
  readonly cuts: number;
  /** Acknowledged events that were missing, over all cuts. */
  readonly lost: number;
  /** Cuts after which some were missing. */
  readonly lossy: number;
  /** Cuts after which the store did not open, or told of damage or a loss. */
  readonly damaged: number;
  /** The cuts that broke the promise, in words. */
  readonly failures: readonly string[];
  /** An image that kept the promise, chosen at random, with what had been acknowledged by then. */
  readonly sample: { readonly image: Image; readonly told: readonly string[] };
}

/** What became of one image, however many cuts lead to it. */
interface Verdict {
  /** So many acknowledgements, from the first one on, hold. */
  readonly held: number;
  readonly fault: string | undefined;
}

/** More would only fill the disk. */
const mostKept = 5;

/**
 * Cuts the power after every deed of a trace. Each time the store must be there with all that had been
 * acknowledged by then, and nothing may be wrong with it.
 */
export function searchTrace(search: Search): Found {
  const cuts = new PowerCuts(search);
  const shares = sharesOf(search);
  for (const [number, deed] of search.trace.entries()) {
    cuts.follow(deed, number);
    const share = shares[number] ?? 0;
    const times = Math.floor(share) + (search.random.chance(share % 1) ? 1 : 0);
    for (let time = 0; time < times; time += 1) cuts.cutByChance();
  }
  return cuts.found();
}

class PowerCuts {
  readonly #search: Search;
  readonly #disk: Disk;
  readonly #verdicts = new Map<string, Verdict>();
  /** All that is acknowledged in the trace and before, in order. */
  readonly #told: readonly string[];
  readonly #failures: string[] = [];
  #required: number;
  #number = 0;
  #cuts = 0;
  #lost = 0;
  #lossy = 0;
  #damaged = 0;
  #sample: Found["sample"] = { image: new Map(), told: [] };

  constructor(search: Search) {
    const { trace, told = [] } = search;
    this.#search = search;
    this.#disk = new Disk(search);
    this.#told = [...told, ...trace.flatMap(acknowledgedBy)];
    this.#required = told.length;
  }

  /** Takes in a deed; what was flushed until then must do. */
  follow(deed: Deed, number: number): void {
    this.#disk.follow(deed, number);
    this.#number = number;
    this.#required += acknowledgedBy(deed).length;
    this.#cut(loseAll(this.#disk.pending));
  }

  cutByChance(): void {
    this.#cut(chooseLoss(this.#disk.pending, this.#search.random));
  }

  found(): Found {
    return {
      images: this.#verdicts.size,
      cuts: this.#cuts,
      lost: this.#lost,
      lossy: this.#lossy,
      damaged: this.#damaged,
      failures: this.#failures,
      sample: this.#sample,
    };
  }

  #cut(loss: Loss): void {
    this.#cuts += 1;
    const image = makeImage(this.#disk, loss, this.#search.random);
    const { held, fault } = this.#judge(image);
    const missing = Math.max(0, this.#required - held);
    if (missing === 0 && fault === undefined) {
      if (this.#search.random.chance(1 / this.#verdicts.size)) {
        this.#sample = { image, told: this.#told.slice(0, this.#required) };
      }
      return;
    }
    this.#lost += missing;
    this.#lossy += missing > 0 ? 1 : 0;
    this.#damaged += fault === undefined ? 0 : 1;
    const what = fault ?? `${missing} of ${this.#required} acknowledged events are missing`;
    this.#failures.push(`${this.#describe(loss)}: ${what}${this.#keep(image)}`);
  }

  #judge(image: Image): Verdict {
    const key = fingerprint(image);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const look = this.#verdicts.size % this.#search.thoroughEvery === 0 ? "thorough" : "quick";
    fillFolder(this.#search.folder, image);
    const { holds, fault } = openAfterCut(this.#search.folder, image, look);
    const firstMissing = this.#told.findIndex((what) => !holds.has(what));
    const verdict = { held: firstMissing < 0 ? this.#told.length : firstMissing, fault };
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  #describe(loss: Loss): string {
    const deed = this.#search.trace[this.#number];
    if (deed === undefined) throw new Error("The power was cut before the trace began.");
    return describeCrash({ number: this.#number, deed, pending: this.#disk.pending, loss });
  }

  /** Two runs of one seed differ in salts and times, so only the image itself shows a fault again. */
  #keep(image: Image): string {
    const { keep } = this.#search;
    if (keep === undefined || this.#failures.length >= mostKept) return "";
    const folder = join(keep, `cut-${this.#number}-${this.#failures.length}`);
    mkdirSync(folder, { recursive: true });
    fillFolder(folder, image);
    return `; kept in ${folder}`;
  }
}

/**
 * How the images are shared out: more where more is pending, and most where a file other than the log, or the
 * folder, is being changed, since most of a trace is commits into the log.
 */
function sharesOf(search: Search): readonly number[] {
  const disk = new Disk(search);
  const weights = search.trace.map((deed, number) => {
    disk.follow(deed, number);
    const isSpecial = disk.pending.some(({ file }) => !file.endsWith("-wal"));
    return Math.sqrt(disk.pending.length) * (isSpecial ? 4 : 1);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total === 0 ? 0 : (search.images * weight) / total));
}
