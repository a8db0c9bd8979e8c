import { freezeKnown } from "./known.js";
import { describe, type Objection } from "./objection.js";
import type { Dictionary } from "./plain.js";
import { TakeWalk } from "./take.js";

/** Walks a value that is handed over: plain data only, no copy, and frozen only once all of it was accepted. */
export class AdoptWalk extends TakeWalk {
  readonly #accepted: { readonly value: object; readonly height: number }[] = [];

  override commit(): void {
    for (const { value, height } of this.#accepted) freezeKnown(value, height);
  }

  protected override copyArray(value: unknown[]): unknown[] {
    return value;
  }

  protected override copyObject(value: Dictionary): Dictionary {
    return value;
  }

  protected override keep(value: object, height: number): void {
    this.#accepted.push({ value, height });
  }

  protected override findSpecialObjection(value: object): Objection | undefined {
    return { what: `${describe(value)} (handed over without a copy, only plain data is taken)` };
  }
}
