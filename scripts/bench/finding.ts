/** One line of the README's table: some work, what is wanted of it, what was measured. */
export interface Finding {
  readonly work: string;
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** What must not be more, or not less, than a goal. */
export interface Measure {
  readonly work: string;
  readonly value: number;
  readonly goal: number;
  /** What is counted, after the number: `x raw`, ` MB`. */
  readonly unit: string;
}

export function atMost({ work, value, goal, unit }: Measure): Finding {
  return { work, goal: `≤ ${goal}${unit}`, measured: `${shown(value)}${unit}`, isMet: value <= goal };
}

export function atLeast({ work, value, goal, unit }: Measure): Finding {
  return { work, goal: `≥ ${goal}${unit}`, measured: `${shown(value)}${unit}`, isMet: value >= goal };
}

/** A finding as a cell of a topic's table. */
export function verdict({ goal, measured, isMet }: Finding): string {
  return `${measured}, wanted ${goal}${isMet ? "" : " MISSED"}`;
}

/** Findings as a table in Markdown, which stands in the README as it is. */
export function markdownOf(findings: readonly Finding[]): string {
  const rows = findings.map(
    ({ work, goal, measured, isMet }) => `| ${work} | ${goal} | ${measured}${isMet ? "" : " **missed**"} |`,
  );
  return ["| work | goal | measured |", "| --- | --- | --- |", ...rows].join("\n");
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(value >= 10 ? 1 : 2);
}
