import { median } from "./measure.js";
import type { Run } from "./race.js";

const size = { width: 760, height: 330 };
const panel = { width: 270, height: 190, top: 78 };
const lefts = [70, 440];

/** Draws bytes kept and time a step over the laps of some runners, each on a logarithmic scale. */
export function drawChart(runs: readonly Run[], names: readonly string[], steps: number): string {
  const drawn = names.flatMap((name) => runs.filter((run) => run.name === name));
  const bytes = drawn.map(({ laps }) => laps.map((lap) => lap.bytes / 1e6));
  const times = drawn.map(({ laps }) => laps.map((lap) => median(lap.times)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="title">`,
    `<title id="title">Bytes kept, and time a step, over a conversation of ${steps} messages of 1 KB: ${names.join(", ")}</title>`,
    style,
    `<rect class="ground" width="${size.width}" height="${size.height}" rx="8"/>`,
    ...drawn.map(({ name }, place) => legend(name, place)),
    ...drawPanel({ title: "MB in the file", lines: bytes, left: lefts[0] ?? 0, steps }),
    ...drawPanel({ title: "ms a step", lines: times, left: lefts[1] ?? 0, steps }),
    "</svg>",
    "",
  ].join("\n");
}

/** Colours that are told apart on light and on dark ground, also by those who do not see red and green. */
const style = `<style>
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .ground { fill: #ffffff; }
  .title { font-weight: 600; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
  .of-0 { stroke: #0969da; } .of-1 { stroke: #bc4c00; } .of-2 { stroke: #6e7781; stroke-dasharray: 6 4; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .ground { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .of-0 { stroke: #58a6ff; } .of-1 { stroke: #f0883e; } .of-2 { stroke: #9198a1; }
  }
</style>`;

function legend(name: string, place: number): string {
  const x = 70 + place * 225;
  return `<path class="line of-${place}" d="M${x} 24h28"/><text x="${x + 36}" y="28">${name}</text>`;
}

interface Panel {
  readonly title: string;
  readonly lines: readonly (readonly number[])[];
  readonly left: number;
  readonly steps: number;
}

function drawPanel({ title, lines, left, steps }: Panel): string[] {
  const scale = scaleOf(lines.flat());
  const bottom = panel.top + panel.height;
  const grid = scale.marks.map((mark) => {
    const y = round(scale.y(mark));
    return `<path class="grid" d="M${left} ${y}h${panel.width}"/><text x="${left - 8}" y="${y + 4}" text-anchor="end">${mark.toLocaleString("en")}</text>`;
  });
  const ends = [0, steps / 3, (steps * 2) / 3, steps].map((step) => {
    const x = round(left + (step / steps) * panel.width);
    return `<text x="${x}" y="${bottom + 20}" text-anchor="middle">${step.toLocaleString("en")}</text>`;
  });
  return [
    `<text class="title" x="${left}" y="${panel.top - 16}">${title}</text>`,
    ...grid,
    ...ends,
    `<text x="${left + panel.width / 2}" y="${bottom + 38}" text-anchor="middle">step</text>`,
    ...lines.map((line, place) => {
      const points = line.map((value, lap) => {
        return `${round(left + ((lap + 1) / line.length) * panel.width)} ${round(scale.y(value))}`;
      });
      return `<path class="line of-${place}" d="M${points.join("L")}"/>`;
    }),
  ];
}

/** From the power of ten below the least value to the one above the greatest. */
function scaleOf(values: readonly number[]): { marks: number[]; y: (value: number) => number } {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values))));
  const marks = Array.from({ length: most - least + 1 }, (_, place) =>
    Number((10 ** (least + place)).toPrecision(1)),
  );
  const y = (value: number) => panel.top + panel.height * (1 - (Math.log10(value) - least) / (most - least));
  return { marks, y };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
