import { z } from "zod";
import type { Edit } from "./edit.js";

const at = z.array(z.union([z.string(), z.int().nonnegative()]));
const count = z.int().nonnegative();
/** A value is checked when it is decoded. */
const part = z.custom<unknown>((tree) => tree !== undefined, "there is no value");
const edit = z.union([
  z.strictObject({ at, set: part }),
  z.strictObject({ at, delete: z.literal(true) }),
  z.strictObject({ at, from: count, remove: count, add: z.union([z.string(), z.array(part)]) }),
]);
/** What an effect says of a value that it patches: which event's value that is, how large it becomes, and how. */
export const patchSchema = z.strictObject({
  on: z.int().positive(),
  bytes: count,
  edits: z.array(edit).min(1),
});

/** A patch as it stands in a payload, its parts encoded. */
export interface StoredPatch {
  /** The number of the event that gave the key the value which the edits change. */
  readonly on: number;
  /** Of the encoding that the value then has. */
  readonly bytes: number;
  readonly edits: readonly Edit[];
}
