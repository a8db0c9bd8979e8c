import { checkKey } from "../core/names.js";
import { createCodec, type ValueClass } from "../core/value/codec.js";
import { type PatchMode, patchModes } from "../core/with-patches.js";
import type { Engine } from "../engines/engine.js";
import type { Mode } from "../program/program.js";
import type { Host, StoreRules, StoreWarning } from "../workflows/workplace.js";
import { limitRules, type LimitOptions } from "./limit-options.js";
import { checkChoice, takeTexts } from "./check-option.js";
import { announcedEngine } from "./announced-engine.js";
import { ContextsInUse } from "./contexts-in-use.js";
import { type RetentionOptions, retentionRules } from "./retention-options.js";
import { StoreCore } from "./store-core.js";
import { tellListeners } from "./tell-listeners.js";
import { type Attribution, takeAttribution } from "./attribution.js";

/** What every store can be told when it is opened. */
export interface StoreOptions extends Attribution {
  /** Sizes that refuse or warn, for contexts that have no limits of their own. */
  readonly limits?: LimitOptions;
  /** How long the lists of a context are: its snapshots and its change log. */
  readonly retention?: RetentionOptions;
  /**
   * How a change of a large value is recorded: as the change where that pays (default), as the change wherever that
   * can be, or always as the whole new value, which any SQLite tool then reads. It changes nothing for readers.
   */
  readonly patches?: PatchMode;
  /** Names protected in every new context. Default: session_id, run_id, workflow_id, initial_task. */
  readonly protect?: readonly string[];
  /** Classes whose instances may be stored. */
  readonly classes?: readonly ValueClass[];
  /** The clock, in ms since the epoch. Default: the machine's. */
  readonly now?: () => number;
}

const protectedFromTheStart = ["session_id", "run_id", "workflow_id", "initial_task"];

/** Puts together what all nouns of a store share. */
export function createCore<M extends Mode>(
  engine: Engine<M>,
  host: Host,
  options: StoreOptions,
  listeners = new Set<(warning: StoreWarning) => void>(),
): StoreCore<M> {
  const commitListeners = new Set<() => void>();
  const announced = announcedEngine(engine, commitListeners, (error, isTold) => {
    tellOfLoss(listeners, error, isTold);
  });
  const site = {
    engine: announced.engine,
    codec: createCodec(options.classes),
    host,
    rules: rulesOf(options),
    lives: new ContextsInUse(),
    warn: (warning: StoreWarning) => {
      tellListeners(listeners, warning);
    },
    unit: undefined,
  };
  return new StoreCore(announced, site, takeAttribution(options), listeners, commitListeners);
}

/** Warns of writes that are lost, or may be. Where nobody would hear it, Node is told. */
function tellOfLoss(
  listeners: ReadonlySet<(warning: StoreWarning) => void>,
  error: Error,
  isTold: boolean,
): void {
  tellListeners(listeners, { kind: "durability", why: error.message });
  if (listeners.size === 0 && !isTold) process.emitWarning(error);
}

function rulesOf({
  limits = {},
  retention = {},
  patches = "auto",
  protect = protectedFromTheStart,
}: StoreOptions): StoreRules {
  checkChoice("patches", patches, patchModes);
  return {
    limits: limitRules(limits),
    patches,
    ...retentionRules(retention),
    protect: takeTexts("protect", protect).map((key) => checkKey(key)),
  };
}
