import type { ContextModel } from "./context-model.js";
import type { Ground } from "./ground.js";
import type { AnyContext, AnyStore } from "./make-on-store.js";
import type { Circumstances } from "./move.js";

/** The handles that a walk has, in two open stores; they are kept, so that they get stale as others write. */
export class Hands {
  readonly #ground: Ground;
  readonly #handles: readonly [Map<ContextModel, AnyContext>, Map<ContextModel, AnyContext>];

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#handles = [new Map<ContextModel, AnyContext>(), new Map<ContextModel, AnyContext>()];
  }

  store(hand: number): AnyStore {
    return this.#ground.hands[hand === 0 ? 0 : 1];
  }

  async handle(model: ContextModel, hand: number): Promise<AnyContext> {
    const handles = this.#handles[hand === 0 ? 0 : 1];
    const known = handles.get(model);
    if (known !== undefined) return known;
    const { autoSnapshot } = model;
    const opened = await this.store(hand).context(model.id, autoSnapshot > 0 ? { autoSnapshot } : {});
    handles.set(model, opened);
    return opened;
  }

  /** Takes the handle that making a fork gave. */
  adopt(model: ContextModel, fork: AnyContext, { hand, actor }: Circumstances): void {
    // One that somebody made writes in that name; the next one who writes may be another.
    if (actor === undefined) this.#handles[hand === 0 ? 0 : 1].set(model, fork);
  }

  /** The same contexts in stores opened anew. */
  async reopened(by: { readonly mayMove: boolean }): Promise<Hands> {
    return new Hands(await this.#ground.reopen(by));
  }

  async close(): Promise<void> {
    for (const store of this.#ground.hands) await store.close();
  }
}
