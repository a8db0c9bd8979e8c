import type { Part } from "./part.js";
import { contention } from "./parts/contention.js";
import { damage } from "./parts/damage.js";
import { randomKill } from "./parts/random-kill.js";
import { walks } from "./parts/walks.js";

/** The whole programme, in the order in which it is run. */
export const parts: readonly Part[] = [randomKill, contention, walks, damage];
