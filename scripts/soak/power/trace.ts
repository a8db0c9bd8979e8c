/** One thing that a process did to a folder, or said. Files are named by their paths. */
export type Deed =
  | {
      readonly kind: "open";
      readonly descriptor: number;
      readonly path: string;
      readonly creates: boolean;
      readonly empties: boolean;
    }
  | { readonly kind: "close"; readonly descriptor: number }
  | { readonly kind: "write"; readonly descriptor: number; readonly offset: number; readonly data: Buffer }
  | { readonly kind: "truncate"; readonly descriptor: number; readonly size: number }
  | { readonly kind: "sync"; readonly descriptor: number; readonly failed: boolean }
  | { readonly kind: "unlink"; readonly path: string }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  | { readonly kind: "link"; readonly path: string; readonly to: string }
  | { readonly kind: "said"; readonly text: string };

const headerBytes = 24;
const flags = { creates: 1, empties: 2 };

/** What {@link parseRecord} makes a deed of; the numbers of the kinds are those of trace-shim.c. */
interface Parts {
  readonly kind: number;
  readonly descriptor: number;
  readonly place: number;
  readonly path: string;
  readonly data: Buffer;
}

/** Reads what trace-shim.c wrote. */
export function parseTrace(trace: Buffer): readonly Deed[] {
  const deeds: Deed[] = [];
  for (let at = 0; at + headerBytes <= trace.length;) {
    const pathFrom = at + headerBytes;
    const dataFrom = pathFrom + trace.readUInt32LE(at + 16);
    const until = dataFrom + trace.readUInt32LE(at + 20);
    deeds.push(
      deedOf({
        kind: trace.readUInt32LE(at),
        descriptor: trace.readInt32LE(at + 4),
        place: Number(trace.readBigInt64LE(at + 8)),
        path: trace.toString("utf8", pathFrom, dataFrom),
        data: trace.subarray(dataFrom, until),
      }),
    );
    at = until;
  }
  return deeds;
}

function deedOf({ kind, descriptor, place, path, data }: Parts): Deed {
  switch (kind) {
    case 1: {
      const [creates, empties] = [(place & flags.creates) !== 0, (place & flags.empties) !== 0];
      return { kind: "open", descriptor, path, creates, empties };
    }
    case 2:
      return { kind: "close", descriptor };
    case 3:
      return { kind: "write", descriptor, offset: place, data };
    case 4:
      return { kind: "truncate", descriptor, size: place };
    case 5:
    case 6:
      return { kind: "sync", descriptor, failed: kind === 6 };
    case 7:
      return { kind: "unlink", path };
    case 8:
      return { kind: "rename", path, to: data.toString() };
    case 9:
      return { kind: "link", path, to: data.toString() };
    case 10:
      return { kind: "said", text: data.toString() };
    default:
      throw new Error(`The trace has a record of kind ${kind}, which no version of the shim writes.`);
  }
}
