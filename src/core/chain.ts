import type { Details, EventHeader } from "./event.js";
import type { Seal } from "./payload.js";

/** What of an effect goes into the chain: what it did and where, and a digest in place of the value. */
export interface ChainedEffect {
  readonly op: string;
  readonly scope: string;
  readonly key: string;
}

/** An event as the chain sees it. Positions, context ids and local row ids are left out: an import keeps hashes. */
export interface ChainLink {
  readonly previousHash: string;
  /** The payload's. */
  readonly format: number;
  readonly header: EventHeader;
  readonly effects: readonly ChainedEffect[];
  readonly digests: readonly (string | null)[];
  readonly details: Details;
}

/** The hash of an event: SHA-256 over the previous hash, the format, the header and one digest per effect. */
export function chainHash(
  { previousHash, format, header, effects, digests, details }: ChainLink,
  digest: Seal["digest"],
): string {
  return digest(
    JSON.stringify([
      previousHash,
      format,
      header.sequence,
      header.version,
      header.type,
      header.recordedAt,
      header.actor,
      header.cause,
      header.phase,
      header.batch,
      header.tags,
      header.idempotencyKey,
      effects.map(({ op, scope, key }, index) => [op, scope, key, digests[index] ?? null]),
      details,
    ]),
  );
}
