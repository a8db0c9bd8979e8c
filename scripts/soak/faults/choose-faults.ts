import type { Call, Fault, FileKind, Operation } from "../fault.js";
import type { Random } from "../random.js";
import { type Policy, policies } from "./attempt.js";

/** A fault, and what the process does that meets it. */
export interface Planned {
  readonly fault: Fault;
  readonly policy: Policy;
}

type Deed = Fault["deed"];

/** How each operation can fail. */
const failures: Readonly<Record<Operation, readonly Deed[]>> = {
  open: ["EIO", "EMFILE", "EACCES", "ENOSPC"],
  read: ["EIO"],
  write: ["EIO", "ENOSPC", "short", "torn"],
  fsync: ["EIO", "ENOSPC"],
  truncate: ["EIO"],
  unlink: ["EIO", "EACCES"],
  rename: ["EIO", "ENOSPC"],
  link: ["EIO", "ENOSPC", "EACCES"],
  mmap: ["EIO"],
  close: ["EIO"],
};

/** How many calls there were of each operation on each kind of file. */
export interface Kind {
  readonly operation: Operation;
  readonly file: FileKind;
  readonly count: number;
}

/** Groups calls, so that the rare ones, such as the sync of a folder, are met as often as writes. */
export function kindsOf(calls: readonly Call[]): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { operation, file } of calls) {
    if (operation === "say" || file === "-") continue;
    const name = `${operation} ${file}`;
    kinds.set(name, { operation, file, count: (kinds.get(name)?.count ?? 0) + 1 });
  }
  return [...kinds.values()];
}

/** Chooses so many faults, of the kinds in turn. */
export function chooseFaults(kinds: readonly Kind[], runs: number, random: Random): readonly Planned[] {
  return Array.from({ length: runs }, (_, index) => {
    const { operation, file, count } = kinds[index % kinds.length] ?? random.pick(kinds);
    const fault: Fault = {
      at: 1 + random.below(count),
      deed: random.pick(failures[operation]),
      operations: [operation],
      files: [file],
      isSticky: random.chance(0.4),
    };
    return { fault, policy: random.pick(policies) };
  });
}

/** Every failure of every kind of call, once and from then on, under every policy, at so many calls of each kind. */
export function everyFault(kinds: readonly Kind[], places: number): readonly Planned[] {
  return kinds.flatMap(({ operation, file, count }) =>
    failures[operation].flatMap((deed) =>
      [false, true].flatMap((isSticky) =>
        placesOf(count, places).flatMap((at) =>
          policies.map((policy) => ({
            fault: { at, deed, operations: [operation], files: [file], isSticky },
            policy,
          })),
        ),
      ),
    ),
  );
}

/** The first and the last call, and others evenly between them. */
function placesOf(count: number, places: number): readonly number[] {
  const spread = Array.from({ length: places }, (_, index) =>
    Math.round(1 + ((count - 1) * index) / Math.max(1, places - 1)),
  );
  return [...new Set(spread)];
}
