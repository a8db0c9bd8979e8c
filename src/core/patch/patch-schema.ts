import { z } from "zod";

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
