import { encodeValue, runAs } from "../../../src/index.js";
import { attribution, verb, type Verb, write } from "./verb.js";

/** Calls that write to a context. */
export const writingVerbs: readonly Verb[] = [
  verb(
    "set",
    ["k", { a: 1 }, { ...write, protect: false, copy: true }],
    ({ context }, [key, value, options]) => {
      context.set(key, value, options);
      requireSame(context.get(key), value);
    },
  ),
  verb("setEphemeral", ["e", 1, { ...write, copy: true }], ({ context }, [key, value, options]) => {
    context.setEphemeral(key, value, options);
    requireSame(context.get(key), value);
  }),
  verb("clearEphemeral", [write], ({ context }, [options]) => context.clearEphemeral(options)),
  verb("delete", ["k", write], ({ context }, [key, options]) => context.delete(key, options)),
  verb("update", [{ k: 1, l: 2 }, write], ({ context }, [values, options]) =>
    context.update(values, options),
  ),
  verb("edit", ["k", () => 1, write], ({ context }, [key, change, options]) =>
    context.edit(key, change, options),
  ),
  verb("edit to a value", ["k", 1], ({ context }, [key, value]) => context.edit(key, () => value)),
  verb("protect", ["p", write], ({ context }, [key, options]) => context.protect(key, options)),
  verb("unprotect", ["p", write], ({ context }, [key, options]) => context.unprotect(key, options)),
  verb("batch", [() => 1, write], ({ context }, [work, options]) => context.batch(work, options)),
  verb(
    "merge",
    [{ k: 1 }, "update", { ...write, prefix: "p_", base: "@0" }],
    ({ context }, [values, strategy, options]) => context.merge(values, strategy, options),
  ),
  verb("merge under a prefix", [{ k: 1 }, { prefix: "p_" }], ({ context }, [values, options]) =>
    context.merge(values, "prefixed", options),
  ),
  verb(
    "redact",
    ["secret.part", "why", { ...attribution, present: "remove" }],
    ({ context }, [path, reason, options]) => context.redact(path, reason, options),
  ),
  verb("fork", ["fork", { ...attribution, at: "@1", metadata: { a: 1 } }], ({ context }, [id, options]) =>
    context.fork(id, options),
  ),
  verb("snapshot", ["why", { ...write, metadata: { a: 1 } }], ({ context }, [reason, options]) =>
    context.snapshot(reason, options),
  ),
  verb("restore", ["@2", { ...write, erased: "keep" }], ({ context }, [address, options]) =>
    context.restore(address, options),
  ),
  verb(
    "phase",
    ["p", () => 1, { ...attribution, merge: "update", prefix: "p", once: undefined, signal: undefined }],
    ({ context }, [name, work, options]) => context.phase(name, work, options),
  ),
  verb("phase with a result", [1], ({ context }, [result]) => context.phase("q", () => result)),
  verb("mergePhase", ["p", "update", write], ({ context }, [phase, strategy, options]) =>
    context.mergePhase(phase, strategy, options),
  ),
  verb("phaseContext", [write], ({ context }, [options]) => context.phaseContext(options)),
  verb("rename", ["run", write], ({ context }, [id, options]) => context.rename(id, options)),
  verb("setMetadata", [{ a: 1 }, write], ({ context }, [facts, options]) =>
    context.setMetadata(facts, options),
  ),
  verb(
    "setLimits",
    [{ refuse: { keys: 10_000 }, warn: { keys: 9_000 } }, write],
    ({ context }, [limits, options]) => context.setLimits(limits, options),
  ),
  verb("as", [attribution], ({ context }, [options]) => context.as(options).set("k", 2)),
  verb("runAs", [attribution, () => 1], (_, [options, work]) => runAs(options, work)),
  verb("deleteCursor", ["c"], ({ context }, [name]) => context.deleteCursor(name)),
  verb(
    "replayInto",
    [(count: number) => count + 1, 0, { cursor: "c" }],
    ({ context }, [reducer, initial, options]) => context.replayInto(reducer, initial, options),
  ),
];

/** What was written has to come back as what it was. */
function requireSame(found: unknown, value: unknown): void {
  if (encodeValue(found) !== encodeValue(value))
    throw new Error("What was written came back as something else.");
}
