import type { ContextModel } from "./context-model.js";
import { checkWhole } from "./check-whole.js";
import { comparePresent, expectSame } from "./compare.js";
import { type Ground, type GroundName, openGround, protectedNames } from "./ground.js";
import { makeOnModel } from "./make-on-model.js";
import { type AnyContext, type AnyStore, makeOnStore } from "./make-on-store.js";
import type { Move, Step } from "./move.js";
import { StoreModel } from "./store-model.js";

/** Where a walk takes place, and how often it looks at everything. */
export interface WalkOptions {
  readonly ground: GroundName;
  readonly folder: string;
  /** After so many steps everything is compared, not only the present. */
  readonly wholeEvery: number;
  /** Lets tests plant a fault between the walk and the store. */
  readonly wrap?: (store: AnyStore) => AnyStore;
}

/** A walk that went wrong: at which step, and what led there. */
export class Astray extends Error {}

/** Makes steps on stores and on a model, and compares after each. */
export async function walk(steps: readonly Step[], options: WalkOptions): Promise<void> {
  const walker = new Walker(options);
  await walker.begin();
  try {
    for (const [index, step] of steps.entries()) {
      try {
        await walker.make(step, index);
        if ((index + 1) % options.wholeEvery === 0 || index === steps.length - 1)
          await walker.checkWhole(index);
      } catch (error) {
        throw astray(steps, index, error);
      }
    }
  } finally {
    await walker.end();
  }
}

function astray(steps: readonly Step[], index: number, error: unknown): Astray {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const last = steps.slice(Math.max(0, index - 19), index + 1).map((step) => JSON.stringify(step));
  return new Astray(`step ${index}: ${why}\nthe last ${last.length} steps:\n${last.join("\n")}`, {
    cause: error,
  });
}

/** So many contexts at once; one more takes the place of the second, since the first is to get long. */
const mostContexts = 4;

class Walker {
  readonly #options: WalkOptions;
  readonly #model = new StoreModel();
  #ground: Ground;
  #handles: [Map<ContextModel, AnyContext>, Map<ContextModel, AnyContext>] = [new Map(), new Map()];
  readonly #hashes = new Map<ContextModel, { readonly sequence: number; readonly hash: string }>();
  #names = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#ground = this.#open();
  }

  async begin(): Promise<void> {
    const initial = { a: 1, log: [] };
    const model = this.#model.create("run-0", initial, protectedNames);
    model.autoSnapshot = 7;
    await this.#hand(0).context(model.id, { initial });
    await this.#handle(model, 0);
  }

  async make(step: Step, index: number): Promise<void> {
    const { contexts } = this.#model;
    const model = contexts[step.at.on % contexts.length];
    if (model === undefined) throw new Error("There is no context left.");
    const ctx = await this.#handle(model, step.at.hand);
    if (needsPresent(step)) await ctx.refresh();
    const from = otherOf(contexts, model, step.move);
    if (from === undefined || (step.move.verb === "remove" && model === contexts[0])) return;
    const id = step.move.verb === "fork" || step.move.verb === "rename" ? this.#nextName() : "";
    const forks: AnyContext[] = [];
    const others = {
      store: this.#hand(step.at.hand),
      id,
      from: await this.#handle(from, step.at.hand),
      adopt: (fork: AnyContext) => void forks.push(fork),
    };
    const { sequence } = model;
    const answered = await makeOnStore(ctx, step, others);
    const expected = makeOnModel(this.#model, model, step, { id, from });
    expectSame(answered, expected, "the answer");
    if (step.move.verb === "fork" && forks[0] !== undefined) await this.#adopt(forks[0], step.at);
    // A write that returned has caught up; a refusal or a question need not have.
    const isCaughtUp = "gave" in answered && model.sequence > sequence;
    if (!isCaughtUp && !model.isDeleted) await ctx.refresh();
    await this.#comparePresent(step, model);
    if (index % 20 === 19) await this.#compareAll();
  }

  /** Compares all that can be asked, in a store opened anew now and then. */
  async checkWhole(index: number): Promise<void> {
    await this.#compareAll();
    await checkWhole(this.#ground.hands[0], this.#model, { seed: index, folder: this.#options.folder });
    // What is kept of a deleted context becomes a part of its forks by an export, and is nobody's parent any more.
    const mayMove = this.#model.all.size === this.#model.contexts.length;
    this.#ground = this.#wrapped(await this.#ground.reopen({ mayMove }));
    this.#handles = [new Map(), new Map()];
    await this.#compareAll();
  }

  async end(): Promise<void> {
    for (const hand of this.#ground.hands) await hand.close();
  }

  #open(): Ground {
    const { ground, folder } = this.#options;
    return this.#wrapped(openGround(ground, folder, () => `walk-${(files += 1)}`));
  }

  #wrapped(ground: Ground): Ground {
    const { wrap = (store) => store } = this.#options;
    return { ...ground, hands: [wrap(ground.hands[0]), wrap(ground.hands[1])] };
  }

  #hand(hand: number): AnyStore {
    return this.#ground.hands[hand === 0 ? 0 : 1];
  }

  async #handle(model: ContextModel, hand: number): Promise<AnyContext> {
    const handles = this.#handles[hand === 0 ? 0 : 1];
    const known = handles.get(model);
    if (known !== undefined) return known;
    const { autoSnapshot } = model;
    const opened = await this.#hand(hand).context(model.id, autoSnapshot > 0 ? { autoSnapshot } : {});
    handles.set(model, opened);
    return opened;
  }

  /** Takes a new fork in; if there are too many contexts, one goes. */
  async #adopt(fork: AnyContext, { hand, actor }: Step["at"]): Promise<void> {
    const { contexts } = this.#model;
    const model = contexts.at(-1);
    // A handle of somebody's gives forks that are in the same hands; the next one who writes may be another.
    if (model !== undefined && actor === undefined) this.#handles[hand === 0 ? 0 : 1].set(model, fork);
    const oldest = contexts[1];
    if (contexts.length <= mostContexts || oldest === undefined) return;
    await this.#hand(hand).delete(oldest.id, { forks: "keep" });
    this.#model.remove(oldest);
  }

  /** A name that is nobody's, or now and then one that is taken. */
  #nextName(): string {
    this.#names += 1;
    return `run-${this.#names % 7}`;
  }

  async #comparePresent({ at }: Step, acted: ContextModel): Promise<void> {
    if (acted.isDeleted) return;
    const ctx = await this.#handle(acted, at.hand);
    comparePresent(ctx, acted);
    const { sequence, hash } = await ctx.head();
    const before = this.#hashes.get(acted);
    if (sequence !== acted.sequence) throw new Error(`the head is #${sequence}, and not #${acted.sequence}`);
    if (before !== undefined && (before.sequence === sequence) !== (before.hash === hash))
      throw new Error(`#${before.sequence} had hash ${before.hash}, #${sequence} has ${hash}`);
    this.#hashes.set(acted, { sequence, hash });
  }

  /** Both hands see all contexts as they are; nothing but what was acted on has moved. */
  async #compareAll(): Promise<void> {
    for (const hand of [0, 1]) {
      const listed = (await this.#hand(hand).contexts()).map(({ id }) => id);
      expectSame(listed, this.#model.contexts.map(({ id }) => id).sort(), "the contexts");
      for (const model of this.#model.contexts) {
        const ctx = await this.#handle(model, hand);
        await ctx.refresh();
        comparePresent(ctx, model);
      }
    }
  }
}

let files = 0;

/** Moves that rest on what the handle knows already. */
function needsPresent({ move, at }: Step): boolean {
  return at.expected !== undefined || ["restore", "threeWay", "fork", "whatIf"].includes(move.verb);
}

/** The context that a merge takes from; the same one where a move needs none. */
function otherOf(
  contexts: readonly ContextModel[],
  model: ContextModel,
  move: Move,
): ContextModel | undefined {
  if (move.verb !== "mergeContext") return model;
  const others = contexts.filter((one) => one !== model);
  return others[move.from % Math.max(1, others.length)];
}
