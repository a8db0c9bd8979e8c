/** What a command's help says behind its options. */
export interface CommandGuide {
  readonly notes?: readonly string[];
  readonly examples: readonly string[];
  /** The members of its document, beside `format`. */
  readonly json?: string;
}

/** Writes the end of a command's help. */
export function writeGuide({ notes = [], examples, json }: CommandGuide): string {
  const sections = [
    notes.join("\n"),
    json === undefined ? "" : `With --json: { "format": 1, ${json} }`,
    [
      examples.length === 1 ? "Example:" : "Examples:",
      ...examples.map((words) => `  durable-context ${words}`),
    ].join("\n"),
  ];
  return sections
    .filter((section) => section !== "")
    .map((section) => `\n${section}`)
    .join("\n");
}
