import type { Part } from "./part.js";
import { contention } from "./parts/contention.js";
import { damage } from "./parts/damage.js";
import { faults } from "./parts/faults.js";
import { forcedShutdown } from "./parts/forced-shutdown.js";
import { hostile } from "./parts/hostile.js";
import { kill } from "./parts/kill.js";
import { life } from "./parts/life.js";
import { power } from "./parts/power.js";
import { salvage } from "./parts/salvage.js";
import { walks } from "./parts/walks.js";

/** The whole programme, in the order in which it is run. */
export const parts: readonly Part[] = [
  kill,
  power,
  forcedShutdown,
  faults,
  damage,
  salvage,
  contention,
  walks,
  hostile,
  life,
];
