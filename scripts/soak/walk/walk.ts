import type { ContextModel } from "./context-model.js";
import { checkWhole } from "./check-whole.js";
import { comparePresent, expectSame } from "./compare.js";
import { type Ground, protectedNames } from "./ground.js";
import { Hands } from "./hands.js";
import { makeOnModel } from "./make-on-model.js";
import { type AnyContext, makeOnStore } from "./make-on-store.js";
import type { Circumstances, Move, Step } from "./move.js";
import { StoreModel } from "./store-model.js";

/** Where a walk takes place, and how often it looks at everything. */
export interface WalkOptions {
  readonly open: () => Ground;
  readonly folder: string;
  /** After so many steps everything is compared, not only the present. */
  readonly wholeEvery: number;
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
        await walker.make(step);
        if (index % 20 === 19) await walker.compareAll();
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
  #hands: Hands;
  readonly #hashes = new Map<ContextModel, { readonly sequence: number; readonly hash: string }>();
  #names = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#hands = new Hands(options.open());
  }

  async begin(): Promise<void> {
    const initial = { a: 1, log: [] };
    const model = this.#model.create("run-0", initial, protectedNames);
    model.autoSnapshot = 7;
    await this.#hands.store(0).context(model.id, { initial });
  }

  async make(step: Step): Promise<void> {
    const { contexts } = this.#model;
    const model = contexts[step.at.on % contexts.length];
    const from = model && otherOf(contexts, model, step.move);
    if (model === undefined || from === undefined) return;
    if (step.move.verb === "remove" && model === contexts[0]) return;
    const ctx = await this.#hands.handle(model, step.at.hand);
    if (needsPresent(step)) await ctx.refresh();
    const { sequence } = model;
    const hasAnswered = await this.#makeOnBoth(step, { ctx, model, from });
    if (model.isDeleted) return;
    // A write that returned has caught up; a refusal or a question need not have.
    if (!hasAnswered || model.sequence === sequence) await ctx.refresh();
    comparePresent(ctx, model);
    await this.#compareHead(ctx, model);
  }

  /** Both hands see all contexts as they are; nothing but what was acted on has moved. */
  async compareAll(): Promise<void> {
    for (const hand of [0, 1]) {
      const listed = (await this.#hands.store(hand).contexts()).map(({ id }) => id);
      expectSame(listed, this.#model.contexts.map(({ id }) => id).sort(), "the contexts");
      for (const model of this.#model.contexts) {
        const ctx = await this.#hands.handle(model, hand);
        await ctx.refresh();
        comparePresent(ctx, model);
      }
    }
  }

  /** Compares all that can be asked, and goes on in stores opened anew. */
  async checkWhole(index: number): Promise<void> {
    await this.compareAll();
    await checkWhole(this.#hands.store(0), this.#model, { seed: index, folder: this.#options.folder });
    // What is kept of a deleted context becomes a part of its forks by an export, and is nobody's parent any more.
    const mayMove = this.#model.all.size === this.#model.contexts.length;
    this.#hands = await this.#hands.reopened({ mayMove });
    await this.compareAll();
  }

  end(): Promise<void> {
    return this.#hands.close();
  }

  /** Gives whether the store did as it was told, or, as it has to, refused. */
  async #makeOnBoth(
    step: Step,
    {
      ctx,
      model,
      from,
    }: { readonly ctx: AnyContext; readonly model: ContextModel; readonly from: ContextModel },
  ): Promise<boolean> {
    const { hand } = step.at;
    const forks: AnyContext[] = [];
    const others = {
      store: this.#hands.store(hand),
      id: step.move.verb === "fork" || step.move.verb === "rename" ? this.#nextName() : "",
      from: await this.#hands.handle(from, hand),
      adopt: (fork: AnyContext) => {
        forks.push(fork);
      },
    };
    const answered = await makeOnStore(ctx, step, others);
    expectSame(answered, makeOnModel(this.#model, model, step, { id: others.id, from }), "the answer");
    const [fork] = forks;
    if (fork !== undefined) await this.#adopt(fork, step.at);
    return "gave" in answered;
  }

  /** Takes a new fork in; if there are too many contexts, one goes. */
  async #adopt(fork: AnyContext, at: Circumstances): Promise<void> {
    const { contexts } = this.#model;
    const model = contexts.at(-1);
    if (model !== undefined) this.#hands.adopt(model, fork, at);
    const oldest = contexts[1];
    if (contexts.length <= mostContexts || oldest === undefined) return;
    await this.#hands.store(at.hand).delete(oldest.id, { forks: "keep" });
    this.#model.remove(oldest);
  }

  /** A name that is nobody's, or now and then one that is taken. */
  #nextName(): string {
    this.#names += 1;
    return `run-${this.#names % 7}`;
  }

  /** The newest hash is another one exactly when there is another event. */
  async #compareHead(ctx: AnyContext, model: ContextModel): Promise<void> {
    const { sequence, hash } = await ctx.head();
    const before = this.#hashes.get(model);
    expectSame(sequence, model.sequence, "the newest event");
    if (before !== undefined)
      expectSame(
        before.hash === hash,
        before.sequence === sequence,
        `the hash of #${sequence} is that of #${before.sequence}`,
      );
    this.#hashes.set(model, { sequence, hash });
  }
}

/** Moves that rest on what the handle knows already. */
function needsPresent({ move, at }: Step): boolean {
  return at.expected !== undefined || ["restore", "threeWay", "fork", "whatIf", "remove"].includes(move.verb);
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
