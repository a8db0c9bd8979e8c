import { type Command, Option } from "commander";
import { existsSync } from "node:fs";
import type { Context, WriteOptions } from "../index.js";
import type { Cli } from "./cli.js";
import { wholeNumber } from "./option-values.js";
import type { WriteShape } from "./json-shapes.js";
import { getContext, presentReference } from "./references.js";
import { rehearse } from "./dry-run.js";

/** Options of every command that writes to a context. */
export interface WriteFlags {
  readonly actor?: string;
  readonly cause?: string;
  readonly expectedVersion?: number;
  readonly idempotencyKey?: string;
  readonly dryRun?: true;
  readonly create?: true;
}

/** Adds the options of a write. */
export function addWriteOptions(command: Command): Command {
  return command
    .option("--actor <id>", "who does it; kept with the event")
    .option("--cause <text>", "what made them do it, such as run-42#17")
    .addOption(
      new Option("--expected-version <n>", "refuse unless this is the present version").argParser(
        wholeNumber,
      ),
    )
    .option("--idempotency-key <key>", "a repeated command under this key writes nothing more")
    .option("--dry-run", "show what would happen, and write nothing");
}

/** What the library is to be told of a write. */
export function writeOptionsOf({ actor, cause, expectedVersion, idempotencyKey }: WriteFlags): WriteOptions {
  return {
    ...(actor !== undefined && { actor }),
    ...(cause !== undefined && { cause }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

/** What a write did, and where it left the context. */
export interface Outcome<Answer> {
  readonly answer: Answer;
  /** The members that every document of a write has. */
  readonly shape: WriteShape;
  /** The version that it made, or found to be the present one. */
  readonly reference: string;
}

type Work<Answer> = (context: Context) => Answer;

/** Writes to a context, or only rehearses it; with `create`, a context (and its store) may be new. */
export async function write<Answer>(
  cli: Cli,
  id: string,
  flags: WriteFlags,
  work: Work<Answer>,
): Promise<Outcome<Answer>> {
  const create = flags.create === true;
  if (flags.dryRun === true) return create ? rehearseNew(cli, id, work) : rehearsePresent(cli, id, work);
  return cli.withStore(
    (store) => {
      const context = create ? store.context(id) : getContext(store, id);
      return outcomeOf(context.id, perform(context, work), { dryRun: false });
    },
    { create },
  );
}

async function rehearsePresent<Answer>(cli: Cli, id: string, work: Work<Answer>): Promise<Outcome<Answer>> {
  return cli.withStore((store) => rehearsed(getContext(store, id), work));
}

async function rehearseNew<Answer>(cli: Cli, id: string, work: Work<Answer>): Promise<Outcome<Answer>> {
  const isThere = existsSync(cli.location) && (await cli.withStore((store) => store.find(id) !== undefined));
  if (isThere) return rehearsePresent(cli, id, work);
  return cli.withScratchStore((store) => rehearsed(store.context(id), work));
}

function rehearsed<Answer>(context: Context, work: Work<Answer>): Outcome<Answer> {
  return outcomeOf(
    context.id,
    rehearse(context, () => perform(context, work)),
    { dryRun: true },
  );
}

interface Performed<Answer> {
  readonly answer: Answer;
  readonly version: number;
  readonly changed: boolean;
}

function perform<Answer>(context: Context, work: Work<Answer>): Performed<Answer> {
  const before = context.sequence;
  const answer = work(context);
  return { answer, version: context.version, changed: context.sequence !== before };
}

function outcomeOf<Answer>(
  id: string,
  { answer, version, changed }: Performed<Answer>,
  { dryRun }: { dryRun: boolean },
): Outcome<Answer> {
  return {
    answer,
    shape: { context: id, version, changed, dryRun },
    reference: presentReference({ id, version }),
  };
}

/** Tells a person what became of a write. */
export async function noteOutcome(cli: Cli, { shape, reference }: Outcome<unknown>): Promise<void> {
  const { changed, dryRun } = shape;
  if (!changed) return cli.output.note(`Nothing changed: ${reference} is as it was.`);
  if (dryRun)
    await cli.output.note(`Nothing was written: this was a dry run, which would have led to ${reference}.`);
}
