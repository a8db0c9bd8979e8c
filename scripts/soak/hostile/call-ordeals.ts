import { join } from "node:path";
import { inspect } from "node:util";
import { type Context, isContextError, openMemoryStore, openStore, type Store } from "../../../src/index.js";
import type { Random } from "../random.js";
import { isOwnError, nastyValues } from "./nasty-values.js";
import type { Ground, Ordeal, Outcome } from "./ordeal.js";
import { freeVerbs, readingVerbs } from "./reading-verbs.js";
import { storeVerbs } from "./store-verbs.js";
import type { Stage, Verb } from "./verb.js";
import { writingVerbs } from "./writing-verbs.js";

const verbs: readonly Verb[] = [...storeVerbs, ...writingVerbs, ...readingVerbs, ...freeVerbs];
const values = Object.entries(nastyValues);

/** So many calls are made on one store; what some of them set would have the later ones refused. */
const callsOfStage = 50;

/** Makes calls with what no type allows, on a store in a file and on one in memory. */
export function* callOrdeals({ folder, random, draws }: Ground): Generator<Ordeal> {
  for (let done = 0; done < draws; done += callsOfStage) {
    const isInFile = (done / callsOfStage) % 2 === 0;
    using store = isInFile
      ? openStore(join(folder, `calls-${done}.db`), { durability: "normal" })
      : openMemoryStore();
    const stage = { store, context: beginContext(store), folder };
    for (let draw = done; draw < Math.min(draws, done + callsOfStage); draw += 1) {
      const { what, verb, given } = spoiltCall(random);
      yield { what: `call number ${draw}, ${what}`, face: () => faceCall(stage, verb, given) };
    }
    yield { what: `verifying after call number ${done}`, face: () => verify(store) };
  }
}

interface SpoiltCall {
  readonly what: string;
  readonly verb: Verb;
  readonly given: readonly unknown[];
}

/** A call that would be right, but for one or two of what it is given. */
function spoiltCall(random: Random): SpoiltCall {
  const verb = random.pick(verbs);
  const given = [...verb.given];
  const said: string[] = [];
  for (let left = random.chance(0.3) ? 2 : 1; left > 0; left -= 1) {
    const [name, make] = random.pick(values);
    const place = random.below(given.length);
    const right = verb.given[place];
    const members = isDictionary(right) ? Object.keys(right) : [];
    const member = members.length > 0 && random.chance(0.75) ? random.pick(members) : undefined;
    given[place] = member === undefined ? make() : { ...(right as object), [member]: make() };
    said.push(`${member ?? "all"} of argument ${place + 1}: ${name}`);
  }
  return { what: `${verb.name}, ${said.join("; ")}`, verb, given };
}

function isDictionary(given: unknown): given is object {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function beginContext(store: Store): Context {
  const context = store.context("run", { initial: { k: { a: 1 }, secret: { part: 1 } } });
  for (let round = 0; round < 3; round += 1) context.set("k", { a: round });
  context.snapshot("s");
  return context;
}

async function faceCall(stage: Stage, verb: Verb, given: readonly unknown[]): Promise<Outcome> {
  const before = portraitOf(stage);
  try {
    // Whatever is given, a caller without types may give it.
    await verb.call(stage, given as readonly never[]);
    return "right";
  } catch (error) {
    if (!isContextError(error) && !isOwnError(error)) throw error;
    if (verb.recordsFailure) return "refused";
    const code = isContextError(error) ? error.code : "an error of the caller's own";
    return portraitOf(stage) === before ? "refused" : { wrong: `${code}, and something has changed` };
  }
}

/** What a call that was refused must leave as it was. */
function portraitOf({ store, context }: Stage): string {
  const { version, sequence, metadata, protectedKeys } = context;
  const head = store.contexts({ id: context.id }).length > 0 ? context.head().hash : "gone";
  return inspect([version, sequence, head, metadata, protectedKeys, [...context.keys()], store.stats()]);
}

function verify(store: Store): Outcome {
  const { isSound, faults } = store.verify();
  return isSound ? "right" : { wrong: `${faults[0]?.context ?? ""}: ${faults[0]?.why ?? ""}` };
}
