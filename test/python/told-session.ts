import { type Context, type ContextEvent, decodeValue, type Mode } from "../../src/index.js";
import { pythonForm } from "./python-form.js";

/** What the last event of an import says of the session. */
interface Told {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What an imported context holds, in the form of the `content` of an `expected.json`. */
export async function tellSession(context: Context<Record<string, unknown>, Mode>): Promise<unknown> {
  const [imported] = await context.history({ type: "session_imported" });
  const changes = await context.history({ type: "change_imported" });
  // Written by the import, as README says.
  const { id, version, createdAt, updatedAt } = imported?.details.session as unknown as Told;
  const snapshots: unknown[] = [];
  for (const [i, snapshot] of context.snapshots().entries()) {
    const { data } = await context.at(snapshot);
    snapshots.push({
      ...snapshot.imported,
      reason: snapshot.reason,
      data: membersForm(data, `/snapshots/${i}/data`),
      metadata: pythonForm(snapshot.metadata, `/snapshots/${i}/metadata`),
    });
  }
  return {
    session_id: id,
    version: version === context.version ? version : `${version}, and here ${context.version}`,
    created_at: createdAt,
    updated_at: updatedAt,
    persistent: membersForm(context.persistent, "/persistent"),
    ephemeral: membersForm(context.ephemeral, "/ephemeral"),
    protected_keys: context.protectedKeys,
    snapshots,
    change_log: changes.map(changeForm),
  };
}

/** The keys of a context may have any name, `$python` and `$py` too. */
function membersForm(data: object, base: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, pythonForm(value, base)]));
}

function changeForm({ details: told }: ContextEvent): unknown {
  const { operation, version, timestamp, details } = told;
  return { operation, version, timestamp, details: pythonForm(decodeValue(JSON.stringify(details)), "") };
}
