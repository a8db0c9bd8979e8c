import { agentScripts } from "./agent.js";
import { durabilityScripts } from "./durability.js";
import type { GraphScript } from "./graph-script.js";
import { humanScripts } from "./human.js";
import { parallelScripts } from "./parallel.js";
import { subgraphScripts } from "./subgraphs.js";
import { timeTravelScripts } from "./time-travel.js";

/** All scripts, each of which every saver runs. */
export const graphScripts: readonly GraphScript[] = [
  ...agentScripts,
  ...humanScripts,
  ...parallelScripts,
  ...subgraphScripts,
  ...timeTravelScripts,
  ...durabilityScripts,
];
