import { type Archive, archiveAt, archiveOf } from "../core/archive.js";
import { formatPoint, type Point } from "../core/address.js";
import { ContextError } from "../core/errors.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { parsePayload } from "../core/payload.js";
import { floorOf, type Line, payloadsIn } from "./line.js";

/** The error for a point that lies below the floor of a line, which names the archive that has it. */
export function* pruned(log: Log, line: Line, name: string, point: Point): Program<ContextError> {
  const archive = archiveAt(yield* archivesOf(log, line), point)?.file ?? undefined;
  const address = formatPoint(point);
  return new ContextError("HISTORY_PRUNED", { context: name, address, floor: floorOf(line), archive });
}

/** Refuses a walk that would have to begin with an event that was pruned. */
export function* requireAbove(log: Log, line: Line, name: string, after: number): Program<void> {
  if (after < floorOf(line)) throw yield* pruned(log, line, name, { kind: "sequence", sequence: after + 1 });
}

/** What is known of the archives of a line, in the order of their events. */
export function* archivesOf(log: Log, line: Line): Program<readonly Archive[]> {
  const archives: Archive[] = [];
  for (const { context, floor } of line.segments) {
    if (floor === 0) continue;
    const changes = yield* wait(log.keysAt(context, "archive", Number.MAX_SAFE_INTEGER));
    const sequences = [...new Set(changes.map(({ sequence }) => sequence))];
    for (const { sequence, payload } of yield* payloadsIn(log, line, sequences))
      for (const { scope, value } of parsePayload(payload, { context: "", sequence }).effects)
        if (scope === "archive") archives.push(...(yield* known(log, archiveOf({ value }))));
  }
  return archives.sort((a, b) => a.to - b.to);
}

/** An archive with the name of its file as it is now. */
function* known(log: Log, archive: Archive | undefined): Program<readonly Archive[]> {
  if (archive === undefined) return [];
  const { file, beside } = archive;
  return [{ ...archive, file: file === null ? null : yield* wait(log.findArchive({ file, beside })) }];
}
