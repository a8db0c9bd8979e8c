import { z } from "zod";
import { scopes, valueScopes } from "./event.js";
import { patchSchema } from "./patch/patch-schema.js";
import { formatOf, type StoredPayload } from "./payload.js";
import { erasedTag } from "./value/erased.js";

/** Of one length, so that no character can pass from the salt to the value without another digest. */
const salt = z.string().regex(/^[\w-]{12}$/);
/** A value is checked when it is decoded. */
const present = z.custom<unknown>((tree) => tree !== undefined, "there is no value");
const settableScopes = z.enum(scopes).exclude(["protection"]);
const marked = { scope: z.literal("protection"), key: z.string() };
const effect = z.discriminatedUnion("op", [
  z
    .strictObject({
      op: z.literal("set"),
      scope: settableScopes,
      key: z.string(),
      value: present,
      salt: salt.optional(),
    })
    // What is left of an erased value has a digest of its own.
    .refine((effect) => isErased(effect.value) === (effect.salt === undefined), "its salt does not fit"),
  z
    .strictObject({
      op: z.literal("patch"),
      scope: z.enum(valueScopes),
      key: z.string(),
      patch: z.union([patchSchema, z.strictObject({ $type: z.literal(erasedTag), digest: z.string() })]),
      salt: salt.optional(),
    })
    .refine((effect) => isErased(effect.patch) === (effect.salt === undefined), "its salt does not fit"),
  z.strictObject({ op: z.literal("delete"), scope: settableScopes, key: z.string() }),
  z.strictObject({ op: z.literal("protect"), ...marked }),
  z.strictObject({ op: z.literal("unprotect"), ...marked }),
]);
/** A payload as this release writes it, with nothing beside that. */
export const payloadSchema = z
  .strictObject({ format: z.int(), effects: z.array(effect), details: z.looseObject({}) })
  .refine(({ format, effects }) => format === formatOf(effects), "its format is not that of its effects");

/** What is wrong with the text of a payload that could be parsed: nothing in it may go unseen by the hash. */
export function payloadFault(text: string, payload: StoredPayload): string | undefined {
  if (JSON.stringify(payload) !== text) return "its payload is not written as this store writes it";
  const issue = payloadSchema.safeParse(payload).error?.issues[0];
  return issue && `its payload is none: ${issue.path.join(".")}: ${issue.message}`;
}

function isErased(tree: unknown): boolean {
  return typeof tree === "object" && tree !== null && "$type" in tree && tree.$type === erasedTag;
}
