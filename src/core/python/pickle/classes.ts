import { makeDate, makeDateTime, makeTime, makeTimeDelta, makeTimeZone } from "./calendar.js";
import { completed } from "../marked.js";
import { makeComplex, makeDecimal, makeFraction, makeRange } from "./numbers.js";
import { makePath } from "./pure-path.js";
import { Complete, Container, Name, type PythonValue } from "../python-value.js";
import { makeUuid } from "./uuid.js";

/** Writes down what a class would make of its arguments; undefined where it would make nothing of them. */
export type Maker = (given: readonly PythonValue[]) => PythonValue | undefined;

/** What may be called, by module and name: all that a file can make of a class is here. */
const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["builtins.bytearray", makeByteArray],
  ["builtins.complex", makeComplex],
  ["builtins.range", makeRange],
  ["collections.Counter", makeCounter],
  ["collections.OrderedDict", (given) => (given.length === 0 ? new Container("OrderedDict", []) : undefined)],
  ["collections.defaultdict", makeDefaultDict],
  ["collections.deque", makeDeque],
  ["datetime.date", makeDate],
  ["datetime.datetime", makeDateTime],
  ["datetime.time", makeTime],
  ["datetime.timedelta", makeTimeDelta],
  ["datetime.timezone", makeTimeZone],
  ["decimal.Decimal", makeDecimal],
  ["fractions.Fraction", makeFraction],
  ["pathlib.PurePosixPath", makePath],
  ["pathlib._local.PurePosixPath", makePath],
]);

/** Classes whose objects are begun empty and completed later. */
const unbuilt: ReadonlyMap<string, () => PythonValue> = new Map<string, () => PythonValue>([
  ["cmbagent.orchestrator.durable_context.ContextSnapshot", () => new Container("snapshot", [])],
  ["uuid.UUID", makeUuid],
]);

/** The factory of a defaultdict, and nothing else. */
const listClass = "builtins.list";

const known: ReadonlySet<string> = new Set(
  // A module may have dots in its name, a name may not: `module + name` could be read in two ways.
  [...makers.keys(), ...unbuilt.keys(), listClass].map((name) => name.replace(/\.(\w+)$/, " $1")),
);

/** Whether a file may name a class or function at all. */
export function canBeNamed(module: string, name: string): boolean {
  return known.has(`${module} ${name}`);
}

/** What may be done instead of calling a class; undefined for one that must not be called. */
export function findMaker(name: string): Maker | undefined {
  return makers.get(name);
}

/** An object of a class that was not called; undefined where such an object may not be. */
export function makeUnbuilt(name: string): PythonValue | undefined {
  return unbuilt.get(name)?.();
}

/** Bytes that Python can change. */
export function byteArray(bytes: Uint8Array): Complete {
  return completed("bytearray", { bytes }, Buffer.from(bytes).toString("latin1"));
}

function makeByteArray([bytes = new Uint8Array(), ...others]: readonly PythonValue[]): Complete | undefined {
  return bytes instanceof Uint8Array && others.length === 0 ? byteArray(bytes) : undefined;
}

function makeCounter([counts, ...others]: readonly PythonValue[]): Container | undefined {
  if (others.length > 0) return undefined;
  if (counts === undefined) return new Container("Counter", []);
  return counts instanceof Container && counts.kind === "dict"
    ? new Container("Counter", [...counts.items])
    : undefined;
}

function makeDefaultDict([factory = null, ...others]: readonly PythonValue[]): Container | undefined {
  if (others.length > 0) return undefined;
  if (factory === null) return new Container("defaultdict", []);
  const isList = factory instanceof Name && factory.name === listClass;
  return isList ? new Container("defaultdict", [], "list") : undefined;
}

function makeDeque([items, limit = null, ...others]: readonly PythonValue[]): Container | undefined {
  const isEmpty = items === undefined || (items instanceof Container && items.items.length === 0);
  if (!isEmpty || others.length > 0) return undefined;
  if (limit === null) return new Container("deque", []);
  const isLimit = typeof limit === "number" && Number.isSafeInteger(limit) && limit >= 0;
  return isLimit ? new Container("deque", [], limit) : undefined;
}
