import type { ContextEvent } from "../../index.js";
import type { Line } from "../difference-lines.js";
import { isoTime } from "../iso-time.js";
import type { Fragment } from "../styled-text.js";
import { displayWidth } from "../terminal-text.js";
import { formatMatch, fits } from "../event-match.js";
import type { Stepper } from "./stepper.js";

/** What the top of the screen tells: where the stepper stands, what happened there, and who did it. */
export function headerLines(
  { first, last, at, match }: Stepper,
  { context, event, width }: { context: string; event: ContextEvent | undefined; width: number },
): readonly Line[] {
  const isOutside = match !== undefined && event !== undefined && !fits(event, match);
  return [
    [
      { text: context, style: "bold" },
      `  event #${at} of ${last}`,
      event === undefined ? "" : `  version ${event.version}`,
      match === undefined ? "" : dim("  filter "),
      match === undefined ? "" : { text: formatMatch(match), style: "cyan" },
      isOutside ? " (not this one)" : "",
    ],
    event === undefined ? [] : deedLine(event, context),
    event === undefined ? [] : reasonLine(event),
    barLine({ first, last, at, width }),
  ];
}

function deedLine({ at, type, actor, context }: ContextEvent, shown: string): Line {
  return [
    dim(`${isoTime(at)}  `),
    { text: type, style: "bold" },
    ...(actor === null ? [] : [dim("  by "), actor]),
    // Before it was forked, a context's events are another's.
    ...(context === shown ? [] : [dim("  in "), context]),
  ];
}

function reasonLine({ cause, phase, batch, tags }: ContextEvent): Line {
  const given: readonly (readonly [string, string | null])[] = [
    ["cause", cause],
    ["phase", phase],
    ["batch", batch],
    ...Object.entries(tags ?? {}),
  ];
  return given.flatMap(([name, text]) => (text === null ? [] : [dim(`${name} `), `${text}  `]));
}

function barLine({
  first,
  last,
  at,
  width,
}: Pick<Stepper, "first" | "last" | "at"> & { width: number }): Line {
  const [left, right] = [`#${first} `, ` #${last}`];
  const room = Math.max(1, width - displayWidth(left + right));
  const done = last === first ? 0 : Math.round(((at - first) / (last - first)) * (room - 1));
  return [
    dim(left),
    { text: `${"━".repeat(done)}●`, style: "yellow" },
    dim("─".repeat(room - 1 - done)),
    dim(right),
  ];
}

function dim(text: string): Fragment {
  return { text, style: "dim" };
}
