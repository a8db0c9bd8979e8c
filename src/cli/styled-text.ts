import { cutToWidth, displayWidth, escapeControls } from "./terminal-text.js";

const styles = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;
export type Style = keyof typeof styles;

/** A piece of a line: its text as it came from anywhere, and how it may look. */
export type Fragment = string | { readonly text: string; readonly style: Style };

/** How a fragment is to be shown. */
export interface Look {
  readonly hasColor: boolean;
  readonly width?: number;
  readonly align?: "left" | "right";
}

/** A fragment's text, made safe for a terminal. */
export function safeText(fragment: Fragment): string {
  return escapeControls(typeof fragment === "string" ? fragment : fragment.text);
}

/** Makes a fragment ready for a terminal: safe first, then cut and padded, coloured last. */
export function render(fragment: Fragment, { hasColor, width, align = "left" }: Look): string {
  const text = width === undefined ? safeText(fragment) : cutToWidth(safeText(fragment), width);
  const painted = typeof fragment === "string" || !hasColor ? text : paint(text, fragment.style);
  const padding = " ".repeat(Math.max(0, (width ?? 0) - displayWidth(text)));
  return align === "left" ? painted + padding : padding + painted;
}

function paint(text: string, style: Style): string {
  const [on, off] = styles[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
