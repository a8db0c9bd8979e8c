import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, type Random } from "../soak/random.js";

/** Kinds of large values that contexts hold, as long as asked for; each number gives another one. */
export const largeValues: Readonly<Record<string, (seed: number, bytes: number) => unknown>> = {
  conversation: (seed, bytes) => filled(seed, bytes, messageOf),
  plan: (seed, bytes) => ({ steps: filled(seed, bytes, stepOf) }),
  "page of HTML": (seed, bytes) => filled(seed, bytes, resultOf).join("\n"),
  "random base64": (seed, bytes) => {
    const random = createRandom(seed);
    const noise = Uint8Array.from({ length: (bytes * 3) / 4 }, () => random.below(256));
    return Buffer.from(noise).toString("base64");
  },
};

type Make<Part> = (random: Random, index: number) => Part;

function filled<Part>(seed: number, bytes: number, make: Make<Part>): Part[] {
  const random = createRandom(seed);
  const parts: Part[] = [];
  for (let length = 0; length < bytes; length += JSON.stringify(parts.at(-1)).length)
    parts.push(make(random, parts.length));
  return parts;
}

const messageOf: Make<object> = (random, index) => ({
  id: `msg_${idFrom(random)}`,
  role: ["user", "assistant", "tool"][index % 3],
  content: proseFrom(random, 300 + random.below(1_200)),
  usage: { input_tokens: random.below(4_000), output_tokens: random.below(900) },
  at: new Date(1.7e12 + index * 1_234_567).toISOString(),
});

const stepOf: Make<object> = (random, index) => ({
  id: index,
  title: proseFrom(random, 30),
  status: random.pick(["todo", "doing", "done"]),
  owner: `agent-${random.below(7)}`,
  depends: [index - 1, index - 2],
  notes: proseFrom(random, 80),
  estimate: random.below(20),
});

const resultOf: Make<string> = (random) =>
  `<div class="result item card" data-id="${idFrom(random)}"><h3 class="title"><a href="https://example.org/${idFrom(random)}">` +
  `${proseFrom(random, 40)}</a></h3><p class="snippet text-muted">${proseFrom(random, 150)}</p></div>`;

function idFrom(random: Random): string {
  return Array.from({ length: 24 }, () => random.below(16).toString(16)).join("");
}

/** What people wrote: a text made up by a rule would be compressed too well, or not at all. */
const words = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8").split(/\s+/);

function proseFrom(random: Random, length: number): string {
  let text = "";
  while (text.length < length) {
    const from = random.below(words.length);
    text += `${words.slice(from, from + 5 + random.below(20)).join(" ")} `;
  }
  return text.slice(0, length);
}
