import { type Details, type EventHeader, type EventType, type Scope, valueScopes } from "../core/event.js";
import { largeBytes } from "../core/with-patches.js";
import { creationOrder } from "../core/state.js";
import type { CurrentWrite, KeyChangeRow, PhaseStatus, RowWrite } from "./rows.js";

/** An effect with its value as JSON text, from a draft or from a stored payload. */
export interface ProjectedEffect {
  readonly op: KeyChangeRow["operation"];
  readonly scope: Scope;
  readonly key: string;
  readonly text: string | null;
  /** The size of the value as JSON text; without that text where the event has only what changed. */
  readonly bytes: number;
}

/** An event as projections see it. `createdOf` tells when a key present before it was created. */
export interface ProjectedEvent {
  readonly header: EventHeader;
  readonly effects: readonly ProjectedEffect[];
  readonly details: Details;
  readonly createdOf: (scope: Scope, key: string) => number | undefined;
}

/** The row writes of one event, in order. */
export function project(event: ProjectedEvent): RowWrite[] {
  const rows: RowWrite[] = event.header.type === "context_forked" ? [{ table: "runs-removal" }] : [];
  event.effects.forEach((effect, index) => {
    rows.push(...projectEffect(event, effect, index));
  });
  const phase = projectPhase(event);
  if (phase !== undefined) rows.push(phase);
  const receipt = projectReceipt(event);
  if (receipt !== undefined) rows.push(receipt);
  return rows;
}

function projectEffect(
  { header, createdOf }: ProjectedEvent,
  effect: ProjectedEffect,
  index: number,
): RowWrite[] {
  const { scope, key, op } = effect;
  const { sequence, version, recordedAt: changedAt } = header;
  const created = createdOf(scope, key) ?? creationOrder(sequence, index);
  const change: RowWrite = { table: "key-changes", scope, key, sequence, created, operation: op };
  if (op === "delete" || op === "unprotect") return [{ table: "current-removal", scope, key }, change];
  const value = presentValue(effect);
  const rows: RowWrite[] = [
    { table: "current", scope, key, created, sequence, version, changedAt, ...value },
    change,
  ];
  // The only key of the scope "context" is the name, and its value is a JSON string.
  if (scope === "context" && effect.text !== null)
    rows.push({ table: "names", name: JSON.parse(effect.text) as string });
  return rows;
}

/** Where a present value is kept: one that is large stands in the log and nowhere else. */
export function presentValue({
  scope,
  text,
  bytes,
}: Pick<ProjectedEffect, "scope" | "text" | "bytes">): Pick<CurrentWrite, "value" | "bytes"> {
  const isInLog = valueScopes.includes(scope) && (text === null || bytes >= largeBytes);
  return isInLog ? { value: null, bytes } : { value: text, bytes: null };
}

const statuses: Partial<Record<EventType, PhaseStatus>> = {
  phase_started: "running",
  phase_finished: "finished",
  phase_failed: "failed",
  phase_unmerged: "unmerged",
  phase_superseded: "superseded",
};

function projectPhase({ header, details }: ProjectedEvent): RowWrite | undefined {
  const status = statuses[header.type];
  if (status === undefined) return undefined;
  // Every event of these types is made by commands/phase.ts, which writes these details.
  const { phase, name, once } = details as { phase: string; name: string; once: string | null };
  return { table: "phases", id: phase, name, once, status, sequence: header.sequence };
}

function projectReceipt({ header, details }: ProjectedEvent): RowWrite | undefined {
  if (header.idempotencyKey === null || details.receipt === undefined) return undefined;
  // Written by decide(), the only place that makes receipts.
  const { command, outcome } = details.receipt as { command: string; outcome: string | null };
  return {
    table: "receipts",
    idempotencyKey: header.idempotencyKey,
    sequence: header.sequence,
    command,
    outcome,
  };
}
