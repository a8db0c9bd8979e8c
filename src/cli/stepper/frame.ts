import type { ContextEvent } from "../../index.js";
import type { Line } from "../difference-lines.js";
import { type Fragment, render, safeText } from "../styled-text.js";
import { displayWidth } from "../terminal-text.js";
import { headerLines } from "./header-lines.js";
import { keysInBrief } from "./help-lines.js";
import { cutLine, widthOf, wrapLine } from "./line-width.js";
import type { Pane } from "./pane.js";
import type { Prompt, Stepper } from "./stepper.js";

/** A screen in columns and rows. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What fills the screen: at most as many rows as it has, each at most as wide as it is. */
export interface Frame {
  readonly rows: readonly string[];
  /** The column in the last row at which something is typed. */
  readonly cursor: number | undefined;
}

/** What is shown at an event. */
export interface Shown {
  readonly context: string;
  /** The event, if it can be read. */
  readonly event: ContextEvent | undefined;
  readonly pane: Pane;
}

const tallestHeader = 5;
const mostStatusLines = 3;

/** How many rows are left for the pane: at least one, on a very low screen at the cost of the header. */
export function paneHeight({ rows }: Size): number {
  return Math.max(1, rows - 1 - Math.min(tallestHeader, Math.max(0, rows - 4)));
}

/** Draws what a stepper shows. */
export function drawFrame(
  stepper: Stepper,
  { context, event, pane }: Shown,
  { size, hasColor }: { size: Size; hasColor: boolean },
): Frame {
  const { columns: width, rows } = size;
  const height = paneHeight(size);
  const header = [
    ...headerLines(stepper, { context, event, width }),
    ruleLine(stepper, { width, isMoreBelow: pane.has(stepper.scroll + height) }),
  ];
  const bottom =
    stepper.prompt === undefined ? statusLines(stepper, width) : [promptLine(stepper.prompt, width)];
  const body = pane.slice(stepper.scroll, Math.max(0, height + 1 - bottom.length));
  const head = header.slice(0, Math.max(0, rows - 1 - height));
  const gap = Array.from({ length: Math.max(0, rows - head.length - body.length - bottom.length) }, () => []);
  const lines: readonly Line[] = [...head, ...body, ...gap, ...bottom];
  return {
    rows: lines.slice(-rows).map((line) => paint(cutLine(line, width), hasColor)),
    cursor: stepper.prompt && Math.min(width - 1, widthOf(bottom[0] ?? [])),
  };
}

function ruleLine(
  { pane, isHelpShown, scroll }: Stepper,
  { width, isMoreBelow }: { width: number; isMoreBelow: boolean },
): Line {
  const title = isHelpShown ? "keys" : pane === "changes" ? "what changed" : "state";
  const above = scroll > 0 ? ` from line ${scroll + 1}` : "";
  const text = `── ${title}${above}${isMoreBelow ? ", more below" : ""} `;
  return [{ text: text + "─".repeat(Math.max(0, width - displayWidth(text))), style: "dim" }];
}

/** A message that is too long for one line may cover the end of the pane. */
function statusLines({ message }: Stepper, width: number): readonly Line[] {
  if (message === undefined) return [[{ text: keysInBrief, style: "dim" }]];
  const { text, isError } = message;
  return [...wrapLine([{ text, style: isError ? "red" : "yellow" }], width)].slice(0, mostStatusLines);
}

/** Shows the end of what is typed, where the cursor is. */
function promptLine({ asks, text }: Prompt, width: number): Line {
  const sign = asks === "jump" ? "jump to: " : "filter: ";
  let shown = safeText(text);
  while (shown !== "" && displayWidth(sign + shown) > width - 1) shown = shown.replace(/^./su, "");
  return [{ text: sign, style: "bold" }, shown];
}

function paint(line: readonly Fragment[], hasColor: boolean): string {
  return line.map((fragment) => render(fragment, { hasColor })).join("");
}
