import { statfsSync } from "node:fs";
import { ContextError } from "../../core/errors.js";

/** File systems that other machines can write to, by the numbers that the kernel has for them. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xfe534d42, "SMB2"],
  [0xff534d42, "CIFS"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x73757245, "Coda"],
  [0x564c, "NCP"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x19830326, "BeeGFS"],
  [0x7461636f, "OCFS2"],
  [0x01021997, "9P"],
  [0x786f4256, "VirtualBox shared folder"],
]);

/**
 * Refuses a folder on a network file system, where the locks of a write-ahead log do not hold: two machines
 * would write over each other's work, and neither would notice. What cannot be told passes.
 * @throws {ContextError} STORE_REMOTE
 */
export function requireLocalDisk(folder: string, store: string): void {
  const type = typeOf(folder);
  const kind = type === undefined ? undefined : networkTypes.get(type);
  if (kind !== undefined) throw new ContextError("STORE_REMOTE", { store, kind });
}

function typeOf(folder: string): number | undefined {
  try {
    // The kernel's number has 32 bits; some systems hand it over with a sign.
    return statfsSync(folder).type >>> 0;
  } catch {
    // Whether the folder can be used at all is told where it is used.
    return undefined;
  }
}
