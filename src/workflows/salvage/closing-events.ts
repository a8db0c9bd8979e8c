import { renameContext } from "../../core/commands/describe.js";
import { record } from "../../core/decide.js";
import { type Covered, erasureMark, Erasures } from "../../core/erasures.js";
import type { EventDraft, EventRecord, Origin } from "../../core/event.js";
import { parsePayload } from "../../core/payload.js";
import type { Workplace } from "../workplace.js";
import { type Chain, floorOf } from "./chain.js";

/** Why a salvage had to add an event to a context. */
export type Addition = "another name" | "erasures";

/** The events that a context needs behind those that were recovered, so that it is whole by itself. */
export function closeChain(
  workplace: Workplace,
  chain: Chain,
  {
    line,
    name,
    origin,
  }: { readonly line: readonly EventRecord[]; readonly name: string; readonly origin: Origin },
): readonly { readonly added: Addition; readonly record: EventRecord }[] {
  const { codec, host } = workplace;
  const drafts: (readonly [Addition, EventDraft])[] = [];
  const floor = floorOf(chain);
  const open = openErasures(line.filter(({ sequence }) => sequence > floor));
  if (Object.keys(open).length > 0) drafts.push(["erasures", coverErasures(open, workplace)]);
  if (name !== chain.name) {
    const { draft } = renameContext(chain.name, codec.take(name, "name")).decide(chain.state, name, host.now);
    drafts.push(["another name", draft]);
  }
  let { state } = chain;
  return drafts.map(([added, draft]) => {
    const recorded = record(state, draft, origin, host.now(), host);
    state = recorded.state;
    return { added, record: recorded.record };
  });
}

/** Says again what was erased, where the event that said so is lost. */
function coverErasures(erased: Covered, { codec }: Workplace): EventDraft {
  return {
    type: "values_erased",
    effects: [erasureMark(codec)],
    details: { path: "", reason: "the event that told of these erasures was not recovered", erased },
  };
}

/** What of these events was erased, and none of them tells of. */
function openErasures(line: readonly EventRecord[]): Covered {
  const erasures = new Erasures(0);
  for (const event of line)
    erasures.note(event, parsePayload(event.payload, { context: "", sequence: event.sequence }));
  return erasures.open;
}
