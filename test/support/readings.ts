import type { AnyContext } from "./each-engine.js";

/** Everything that can be read of a context at or behind an event, and of its history up to another, as text. */
export async function readingsOf(
  ctx: AnyContext,
  { from, upTo }: { readonly from: number; readonly upTo: number },
): Promise<readonly string[]> {
  const told: string[] = [];
  const tell = (about: string, what: unknown) => told.push(`${about}: ${JSON.stringify(what)}`);
  const isWithin = ({ sequence }: { readonly sequence: number }) => sequence > from && sequence <= upTo;
  tell("present", [ctx.persistent, ctx.ephemeral, ctx.protectedKeys, ctx.version, ctx.metadata]);
  tell("snapshots", ctx.snapshots());
  for (let sequence = from; sequence <= upTo; sequence += 1) {
    const view = await ctx.at(`#${sequence}`);
    tell(`#${sequence}`, [view.version, view.at, view.entries(), view.event]);
  }
  const { version: oldest } = await ctx.at(`#${from}`);
  for (let version = oldest; version <= ctx.version; version += 1) {
    const view = await ctx.at(version);
    tell(`@${version}`, [Math.min(view.sequence, upTo), view.entries(), view.event]);
    tell(`since @${version}`, await ctx.diff(version));
  }
  for (const event of (await ctx.history()).filter(isWithin)) tell("event", event);
  for (const order of ["oldest", "newest"] as const)
    for (const key of ["a", "b"])
      for (const event of (await ctx.history({ key, order })).filter(isWithin)) tell(`of ${key}`, event);
  for (const event of (await ctx.history({ path: ["a", "x"] })).filter(isWithin)) tell("of a.x", event);
  for (const change of (await ctx.changes()).filter(isWithin)) tell("change", change);
  for await (const { event, view } of ctx.replay({ from: `#${from}` }))
    if (event.sequence <= upTo) tell("step", [event.sequence, view.version, view.entries()]);
  return told;
}
