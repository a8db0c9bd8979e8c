import { type Program, wait } from "../program/program.js";
import type { Site } from "./site.js";

/**
 * Has the writes committed that wait for it: before what they wrote is handed to somebody who keeps it elsewhere,
 * since it must not be taken back. Where none wait, nothing is waited for, and calls keep their order.
 */
export function* commitGroup({ engine: { group } }: Pick<Site, "engine">): Program<void> {
  if (group.isOpen()) yield* wait(group.commit());
}
