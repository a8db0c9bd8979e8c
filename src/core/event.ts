import type { Held, Taken } from "./value/codec.js";

/**
 * The places an effect can act in. Only `persistent` moves the version; `ephemeral` is scratch data; the
 * others keep what the store itself knows: protected names, metadata and limits of the context, markers
 * of snapshots, those of them that are pinned, results of phases that ran once, work that no merge has
 * taken yet, how far other contexts were merged in, that values were erased, which archives hold what was
 * pruned, and the context's own name.
 */
export const scopes = [
  "persistent",
  "ephemeral",
  "protection",
  "metadata",
  "limit",
  "snapshot",
  "pin",
  "phase",
  "unmerged",
  "merge",
  "erasure",
  "archive",
  "context",
] as const;
export type Scope = (typeof scopes)[number];

/** The number under which every engine keeps the store's own stream: contexts deleted and imported. */
export const storeStream = 0;

/** What an event does to one key of one scope; a payload has at most one for each. */
export type Effect = SetEffect | PatchEffect | DeleteEffect | MarkEffect;

export interface SetEffect {
  readonly op: "set";
  readonly scope: Scope;
  readonly key: string;
  readonly held: Held & { readonly bytes: number };
}
/** Sets a key by changing the value that it has; what stands in the log is the change. */
export interface PatchEffect {
  readonly op: "patch";
  readonly scope: Scope;
  readonly key: string;
  /** The value that the key then has. */
  readonly held: Held & { readonly bytes: number };
  /** What it adds to the cost of reading the value, in bytes. */
  readonly cost: number;
}
export interface DeleteEffect {
  readonly op: "delete";
  readonly scope: Scope;
  readonly key: string;
}
export interface MarkEffect {
  readonly op: "protect" | "unprotect";
  readonly scope: "protection";
  readonly key: string;
}

/** What the key of a mark holds in place of a value. */
export const markHeld: Held = { value: true, sharable: true };

/** Every kind of event, in the past tense. */
export const eventTypes = [
  "context_created",
  "context_deleted",
  "context_imported",
  "values_imported",
  "change_imported",
  "snapshot_imported",
  "session_imported",
  "context_renamed",
  "context_forked",
  "loss_accepted",
  "metadata_changed",
  "limits_changed",
  "value_set",
  "value_edited",
  "value_deleted",
  "values_updated",
  "values_merged",
  "ephemeral_set",
  "ephemeral_cleared",
  "key_protected",
  "key_unprotected",
  "snapshot_taken",
  "snapshot_restored",
  "snapshot_pinned",
  "snapshot_unpinned",
  "phase_started",
  "phase_finished",
  "phase_failed",
  "phase_unmerged",
  "phase_superseded",
  "values_erased",
  "history_pruned",
  "nothing_changed",
] as const;
export type EventType = (typeof eventTypes)[number];

/** Plain facts beside the effects: what was asked, and what was not done. Always plain JSON. */
export type Details = Readonly<Record<string, Json>>;
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What deciding yields: an event that has no number, time or author yet. */
export interface EventDraft {
  readonly type: EventType;
  readonly effects: readonly DraftEffect[];
  readonly details: Details;
  /** The version that the event reaches where it brings one along, as what is imported does. */
  readonly version?: number;
}
export type DraftEffect =
  | (Omit<SetEffect, "held"> & { readonly held: Taken })
  /** With the patch as JSON text. */
  | (PatchEffect & { readonly text: string })
  | DeleteEffect
  | MarkEffect;

/** Who made an event, on whose behalf, and in what company. */
export interface Origin {
  readonly actor: string | null;
  readonly cause: string | null;
  readonly phase: string | null;
  readonly batch: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly idempotencyKey: string | null;
}

/** All of an event that stands in columns of its own. `recordedAt` is in ms since the epoch, UTC. */
export interface EventHeader extends Origin {
  readonly sequence: number;
  readonly version: number;
  readonly type: EventType;
  readonly recordedAt: number;
}

/** An event as replay applies it. */
export interface AppliedEvent extends EventHeader {
  readonly effects: readonly Effect[];
  readonly details: Details;
}

/** An event as an engine keeps it: the header, the payload as JSON text, and the chained hash (hex). */
export interface EventRecord extends EventHeader {
  readonly payload: string;
  readonly hash: string;
}

/** Tells a key of a scope from all others: no scope has a space in its name. */
export function placeName({ scope, key }: { readonly scope: Scope; readonly key: string }): string {
  return `${scope} ${key}`;
}

/** The scopes in which a key of the caller's has a value. */
export const valueScopes: readonly Scope[] = ["persistent", "ephemeral"];

/** Events that stand for what happened elsewhere: they bring versions along, which never go back. */
export const versionedTypes: ReadonlySet<EventType> = new Set([
  "values_imported",
  "snapshot_imported",
  "session_imported",
]);

/** Whether an effect changes what the version counts. */
export function movesVersion(effect: { readonly scope: Scope }): boolean {
  return effect.scope === "persistent";
}
