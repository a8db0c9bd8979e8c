import type { Random } from "../random.js";

/** The commands, each with words that make it do what it is for, and the options it takes with and without a value. */
const commands: Readonly<Record<string, { words: readonly string[]; valued: string; flags: string }>> = {
  contexts: { words: [], valued: "id metadata key since before limit after", flags: "" },
  show: { words: ["run"], valued: "", flags: "" },
  log: {
    words: ["run"],
    valued: "number key path type actor cause phase since until",
    flags: "patch changes graph jsonl",
  },
  get: { words: ["run@2", "k"], valued: "", flags: "raw" },
  diff: { words: ["run@1", "@2"], valued: "", flags: "patch exit-code" },
  blame: { words: ["run", "k"], valued: "", flags: "" },
  why: { words: ["run", "k"], valued: "at", flags: "" },
  search: {
    words: ["run", "a"],
    valued: "number since until",
    flags: "regexp ignore-case history keys values jsonl exit-code",
  },
  replay: { words: ["run"], valued: "from to key type actor number skip", flags: "jsonl" },
  fork: { words: ["run@2", "twin"], valued: "actor cause", flags: "" },
  lineage: { words: ["run"], valued: "", flags: "" },
  set: {
    words: ["run", "k", "1"],
    valued: "actor cause if-version",
    flags: "string tagged ephemeral protect create dry-run",
  },
  delete: { words: ["run", "k"], valued: "actor cause", flags: "context keep-for-forks yes dry-run" },
  merge: {
    words: ["run", '{"k":1}'],
    valued: "strategy prefix base actor cause",
    flags: "tagged create dry-run",
  },
  snapshot: { words: ["run", "why"], valued: "metadata actor cause", flags: "pin" },
  snapshots: { words: ["run"], valued: "", flags: "" },
  pin: { words: ["run", "why"], valued: "actor cause", flags: "dry-run" },
  unpin: { words: ["run", "why"], valued: "actor cause", flags: "dry-run" },
  restore: { words: ["run@1"], valued: "actor cause", flags: "dry-run" },
  save: { words: ["out.jsonl", "run"], valued: "", flags: "" },
  load: { words: ["out.jsonl"], valued: "actor cause", flags: "dry-run" },
  backup: { words: ["copy.db"], valued: "", flags: "" },
  sql: { words: ["SELECT 1"], valued: "", flags: "csv jsonl" },
  verify: { words: ["run"], valued: "head", flags: "repair" },
  "accept-loss": { words: [], valued: "actor cause", flags: "yes" },
  salvage: { words: ["copy.db", "into.db"], valued: "actor cause", flags: "" },
  redact: { words: ["run", "k"], valued: "reason actor cause", flags: "keep-present yes" },
  rebuild: { words: [], valued: "", flags: "exit-code" },
  compact: { words: [], valued: "", flags: "" },
  stats: { words: ["run"], valued: "", flags: "" },
  completion: { words: ["bash"], valued: "", flags: "" },
};

/**
 * What somebody may type. No word leads out of the folder in which the process stands, and none is a command of
 * the shell: `bisect`, which runs one, is not among the commands.
 */
const oddWords: readonly string[] = [
  ...[
    "",
    " ",
    "-",
    "--",
    "---",
    "-x",
    "--json=1",
    "--no-such",
    "@",
    "@@",
    "#",
    "@~",
    "@~-1",
    "#-1",
    "#1e9",
    "@0",
  ],
  ...[
    "run@",
    "run@17",
    "run@~99999999999999999999",
    "run@9007199254740993",
    "run@1e3",
    "run#0",
    "run@snapshot:",
  ],
  ...[
    "run@2026-99-99T99:99:99Z",
    "run@+275760-09-13T00:00:00.001Z",
    '"run"@1',
    '"run',
    '"\\ud800"',
    "nobody",
    "kept",
  ],
  ...[
    "\ud800",
    "a\udfff",
    "\u001b[2J\u009b1m",
    "\u202eabc",
    "a\nb",
    "a\r",
    "a\tb",
    "a\0b",
    "\u2028",
    "é",
    "🙂",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "$type",
    "k.a[0]",
    '["',
    "[0",
    "k..",
    "k[99999999999]",
  ],
  ...[
    "[0]".repeat(2_000),
    "k".repeat(5_000),
    "m".repeat(1 << 20),
    "[".repeat(100_000),
    "{",
    "nul",
    "NaN",
    "1e999",
  ],
  ...[
    "-0",
    "0x10",
    "1_000",
    "99999999999999999999",
    "-1",
    "1.5",
    "Infinity",
    "true",
    "null",
    '""',
    "[]",
    "{}",
    "[1,]",
  ],
  ...[
    '{"__proto__":{"a":1}}',
    '{"$type":"date","value":"x"}',
    '{"$type":"nobody"}',
    '{"a":1,"a":2}',
    '"\\u0000"',
  ],
  ...[
    "(a+)+$",
    "(",
    "[z-a]",
    "\\",
    "*",
    "?".repeat(1_000),
    "*a".repeat(500),
    "'; DROP TABLE events; --",
    "update",
  ],
  ...[
    "DELETE FROM events",
    "PRAGMA writable_schema = 1",
    "SELECT",
    "SELECT 1; SELECT 2",
    "VACUUM",
    "BEGIN",
    "SELECT ?1",
  ],
  ...[
    "SELECT writefile('x', 'y')",
    "SELECT load_extension('x')",
    "SELECT zeroblob(2000000000)",
    "ATTACH 'x.db' AS x",
  ],
  ...[
    "good.db",
    "runs.db",
    "runs.db-wal",
    "runs.db-anchor",
    "folder",
    "text.txt",
    ".",
    "=",
    "a=b",
    "a=",
    "a={",
  ],
];

/** Makes a command line out of right words and odd ones. */
export function commandLine(random: Random): readonly string[] {
  const name = random.pick(Object.keys(commands));
  const { words, valued, flags } = commands[name] ?? { words: [], valued: "", flags: "" };
  const line = words.map((word) => (random.chance(0.5) ? random.pick(oddWords) : word));
  if (random.chance(0.1)) line.pop();
  if (random.chance(0.1)) line.push(random.pick(oddWords));
  for (const option of valued.split(" ").filter((one) => one !== "" && random.chance(0.2)))
    line.push(
      random.chance(0.5) ? `--${option}=${random.pick(oddWords)}` : `--${option}`,
      random.pick(oddWords),
    );
  for (const flag of flags.split(" ").filter((one) => one !== "" && random.chance(0.15)))
    line.push(`--${flag}`);
  if (random.chance(0.3)) line.unshift("--json");
  const command = random.chance(0.03) ? random.pick(oddWords) : name;
  return [...(random.chance(0.05) ? ["--store", random.pick(oddWords)] : []), command, ...line];
}

/** What may come on stdin. */
export function oddStdin(random: Random): string {
  return random.chance(0.5) ? "" : random.pick([...oddWords, "y\n", "yes\n", "run\n"]);
}
