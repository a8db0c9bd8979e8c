import { ContextError } from "../core/errors.js";
import { limitKey, type LimitName, limitNames, type LimitRules } from "../core/limits.js";
import type { Codec, Taken } from "../core/value/codec.js";
import { checkObject } from "./check-option.js";

/** Sizes that refuse a write, and sizes that only warn; `undefined` removes one. */
export interface LimitOptions {
  readonly refuse?: LimitSettings;
  readonly warn?: LimitSettings;
}

export type LimitSettings = Readonly<Partial<Record<LimitName, number | undefined>>>;

/** Limits as they are stored. */
export function takeLimits(limits: LimitOptions, codec: Codec): Map<string, Taken | undefined> {
  checkObject("limits", limits);
  const kinds = ["refuse", "warn"] as const;
  return new Map(
    kinds.flatMap((kind) =>
      Object.entries(checkLimits(limits[kind] ?? {}, kind)).map(([name, allowed]) => [
        limitKey(kind, name as LimitName),
        allowed === undefined ? undefined : codec.take(allowed, name),
      ]),
    ),
  );
}

/** The limits of a store, over what holds if nothing is said. */
export function limitRules(limits: LimitOptions): LimitRules {
  checkObject("limits", limits);
  return {
    refuse: { ...defaultLimits, ...present(checkLimits(limits.refuse ?? {}, "refuse")) },
    warn: present(checkLimits(limits.warn ?? {}, "warn")),
  };
}

/** One value of 64 MiB is far more than a context is made for, and far less than SQLite's bound. */
const defaultLimits = { valueBytes: 64 * 1024 * 1024 };

type Given = Readonly<Record<string, number | undefined>>;

function checkLimits(limits: Given, kind: string): Given {
  for (const [name, allowed] of Object.entries(limits)) {
    const option = `limits.${kind}.${name}`;
    if (!limitNames.some((known) => known === name)) {
      throw new ContextError("OPTION_INVALID", { option, why: `limits are ${limitNames.join(", ")}` });
    }
    if (allowed !== undefined && !(Number.isSafeInteger(allowed) && allowed >= 0)) {
      throw new ContextError("OPTION_INVALID", { option, why: "it is not a whole number" });
    }
  }
  return limits;
}

function present(limits: Given): Readonly<Record<string, number>> {
  const entries = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
