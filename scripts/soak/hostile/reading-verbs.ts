import {
  applyJsonPatch,
  decodeValue,
  diff,
  diffValues,
  encodeValue,
  parsePath,
  parseReference,
  writePath,
} from "../../../src/index.js";
import { drained, ended, inside, searching, verb, type Verb, watching } from "./verb.js";

/** Calls that read a context. */
export const readingVerbs: readonly Verb[] = [
  verb("get", ["k", 1], ({ context }, [key, fallback]) => context.get(key, fallback)),
  verb("has", ["k"], ({ context }, [key]) => context.has(key)),
  verb("clone", ["k"], ({ context }, [key]) => context.clone(key)),
  verb("watch", [watching()], ({ context }, [query]) => ended(context.watch(query))),
  verb("phases", [{ status: "merged" }], ({ context }, [filter]) => context.phases(filter)),
  verb("save", ["file.jsonl"], ({ context, folder }, [file]) => context.save(inside(folder, file))),
  verb("at", ["@2"], ({ context }, [address]) => context.at(address)),
  verb("whatIf", ["@2"], ({ context }, [from]) => context.whatIf(from)),
  verb("diff", ["@0", "@latest"], ({ context }, [from, to]) => context.diff(from, to)),
  verb("since", ["@0"], ({ context }, [address]) => context.since(address)),
  verb("bisect", [() => true, { from: "@0", to: "@latest" }], ({ context }, [predicate, range]) =>
    context.bisect(predicate, range),
  ),
  verb("search", ["a", searching()], ({ context }, [pattern, query]) => context.search(pattern, query)),
  verb("blame", ["k.a", { at: "@latest" }], ({ context }, [path, options]) => context.blame(path, options)),
  verb("why", ["k", { at: "@latest" }], ({ context }, [key, options]) => context.why(key, options)),
  verb("history", [querying()], ({ context }, [query]) => context.history(query)),
  verb("events", [querying()], ({ context }, [query]) => drained(context.events(query))),
  verb("head", [{ key: "secret" }], ({ context }, [options]) => context.head(options)),
  verb(
    "replay",
    [{ from: "@0", to: "@latest", skip: [1], until: { key: "k", type: "value_set", actor: "a" } }],
    ({ context }, [query]) => drained(context.replay(query)),
  ),
  verb(
    "a breakpoint of replay",
    [{ key: "k", type: "value_set", actor: "a", where: () => true }],
    ({ context }, [until]) => drained(context.replay({ until })),
  ),
];

/** Functions that need no store. */
export const freeVerbs: readonly Verb[] = [
  verb("parsePath", ["a.b[0]"], (_, [text]) => parsePath(text)),
  verb("writePath", [["a", 0]], (_, [path]) => writePath(path)),
  verb("parseReference", ["run@2"], (_, [text]) => parseReference(text)),
  verb("encodeValue", [{ a: 1 }, {}], (_, [value, options]) => encodeValue(value, options)),
  verb("decodeValue", ['{"a":1}', {}], (_, [text, options]) => decodeValue(text, options)),
  verb("diffValues", [{ a: 1 }, { a: 2 }], (_, [before, after]) => diffValues(before, after)),
  verb("diff of states", [{ a: 1 }, { a: 2 }], (_, [before, after]) => diff(before, after)),
  verb("applyJsonPatch", [{ a: 1 }, [{ op: "add", path: "/b", value: 1 }]], (_, [value, patch]) =>
    applyJsonPatch(patch, value),
  ),
  verb(
    "an operation of applyJsonPatch",
    [{ op: "add", path: "/b", value: 1, from: "/a" }],
    (_, [operation]) => applyJsonPatch([operation], { a: 1 }),
  ),
];

function querying(): object {
  return {
    ...{ key: "k", path: "k.a", type: ["value_set"], actor: "a", cause: "c", phase: "p", since: "@0" },
    ...{ until: "@latest", where: () => true, order: "newest", after: 100, limit: 5 },
  };
}
