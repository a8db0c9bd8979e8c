import type { Line } from "../difference-lines.js";

const keys: readonly (readonly [keys: string, does: string])[] = [
  ["right  l  space  enter", "the next event"],
  ["left  h", "the one before"],
  ["page down, page up", "ten events on, ten back"],
  ["home  g", "the first event"],
  ["end  G", "the last event, with what was written meanwhile"],
  [":", "jump: 17 or @17 (a version), #23 (an event), @~3 (versions back),"],
  ["", "@latest, @snapshot:before, @2026-11-23T10:00Z"],
  ["/", "filter: key:plan  type:value_set  actor:ada, or a part of any of them;"],
  ["", 'all that is given has to fit; key:"odd key" is quoted; nothing: no filter'],
  ["n  N", "the next event that fits, the one before; arrows do the same"],
  ["d", "what the event changed, or the whole state after it"],
  ["down  j, up  k", "scroll"],
  ["q  esc", "leave"],
];

/** What the stepper says of itself. */
export const helpLines: readonly Line[] = keys.map(([names, does]) => [
  { text: names.padEnd(24), style: "bold" },
  does,
]);

/** The same, for the line at the bottom. */
export const keysInBrief = "← → step   ? help   q quit   : jump   / filter   d diff or state   ↑ ↓ scroll";
