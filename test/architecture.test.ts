import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCycles, findImports, type Import, readSources, type Sources } from "./support/import-graph.js";

/** What the files below a path may import, besides the files of their own folder. */
interface Row {
  readonly may: readonly string[];
  readonly mayTypes?: readonly string[];
}

const inner = ["core/", "program/", "projections/", "engines/engine.ts"];

/** The table of src/README.md. The longest path that a file begins with decides; a folder ends with a slash. */
const importTable: Readonly<Record<string, Row>> = {
  "core/": { may: ["zod"], mayTypes: ["@standard-schema/spec"] },
  "program/": { may: [] },
  "projections/": { may: ["core/"] },
  "engines/engine.ts": { may: ["core/", "program/"], mayTypes: ["projections/", "engines/answers.ts"] },
  "engines/answers.ts": { may: ["core/"], mayTypes: ["projections/"] },
  "engines/sqlite/": { may: [...inner, "node:", "better-sqlite3", "drizzle-orm"] },
  "engines/memory/": { may: [...inner, "node:"] },
  "workflows/": { may: ["core/", "projections/", "program/"], mayTypes: ["engines/engine.ts"] },
  "store/": {
    may: ["core/", "program/", "workflows/", "engines/engine.ts", "node:"],
    mayTypes: ["@opentelemetry/api"],
  },
  "store/open": { may: ["store/", "core/", "program/", "workflows/", "engines/", "node:"] },
  "adapters/langgraph/": {
    may: ["index.ts", "@langchain/langgraph-checkpoint", "@langchain/core", "node:"],
  },
  "adapters/langgraph/import/": {
    may: ["adapters/langgraph/", "index.ts", "@langchain/langgraph-checkpoint", "better-sqlite3", "node:"],
  },
  "cli/": { may: ["index.ts", "commander", "@bomb.sh/tab", "node:"] },
  "cli/commands/import-langgraph.ts": {
    may: ["cli/", "index.ts", "adapters/langgraph/index.ts", "commander", "node:"],
  },
  "index.ts": { may: ["core/", "program/", "projections/", "engines/", "workflows/", "store/"] },
};

const shapelessNames = ["utils", "helpers", "common", "types", "misc"];
const foldersWithIndex = [".", "adapters/langgraph", "core/merge", "core/value/kinds"];
const lineCeiling = 250;

const sources = readSources(join(import.meta.dirname, "../src"));

describe("the sources", () => {
  it("import inward only", () => {
    expect(findBreaches(sources)).toEqual([]);
  });

  it("import nothing in circles", () => {
    expect(findCycles(sources)).toEqual([]);
  });

  it("have names that say what they hold", () => {
    expect(findBadNames(sources)).toEqual([]);
  });

  it("stay under the ceiling of lines", () => {
    expect(findLongFiles(sources)).toEqual([]);
  });
});

describe("the check itself", () => {
  it("reports every kind of import that the table does not allow", () => {
    const outward: Sources = {
      "core/event.ts": `import { readFileSync } from "node:fs"; export * from "../store/store.js";`,
      "core/value.ts": `export type Log = import("../engines/engine.js").Log; import { z } from "zod";`,
      "engines/sqlite/log.ts": `import { Log } from "../memory/log.js"; import "drizzle-orm/sqlite-core";`,
      "workflows/change.ts": `import { type Log } from "../engines/engine.js"; import type { A } from "../engines/engine.js";`,
      "store/store.ts": `const engine = await import("../engines/sqlite/engine.js");`,
      "store/open-store.ts": `import { sqlite } from "../engines/sqlite/engine.js"; import "./store.js";`,
      "cli/main.ts": `import zod = require("zod"); require("../core/event.js"); import { Command } from "commander";`,
      "server/main.ts": `import "../index.js";`,
    };

    expect(findBreaches(outward)).toEqual([
      "core/event.ts -> node:fs (not allowed)",
      "core/event.ts -> store/store.ts (not allowed)",
      "core/value.ts -> engines/engine.ts (not allowed)",
      "engines/sqlite/log.ts -> engines/memory/log.ts (not allowed)",
      "workflows/change.ts -> engines/engine.ts (not allowed)",
      "store/store.ts -> engines/sqlite/engine.ts (not allowed)",
      "cli/main.ts -> zod (not allowed)",
      "cli/main.ts -> core/event.ts (not allowed)",
      "server/main.ts -> index.ts (not allowed)",
    ]);
  });

  it("reports a circle once", () => {
    const circular: Sources = {
      "core/a.ts": `import "./b.js"; import "./c.js";`,
      "core/b.ts": `import "./c.js";`,
      "core/c.ts": `import type { B } from "./b.js";`,
    };

    expect(findCycles(circular)).toEqual(["core/b.ts -> core/c.ts -> core/b.ts"]);
  });

  it("reports names that say nothing, stray index files and shouting", () => {
    const named: Sources = {
      "core/utils.ts": "",
      "store/index.ts": "",
      "core/Event.ts": "",
      "cli/misc/a.ts": "",
    };

    expect(findBadNames({ ...named, "index.ts": "", "core/merge/index.ts": "" })).toEqual(Object.keys(named));
  });

  it("reports a file that is too long", () => {
    expect(findLongFiles({ "core/a.ts": "\n".repeat(lineCeiling), "core/b.ts": "a\n".repeat(251) })).toEqual([
      "core/b.ts has 251 lines",
    ]);
  });
});

function findBreaches(files: Sources): readonly string[] {
  return findImports(files)
    .filter((found) => !isAllowed(found))
    .map(({ file, target }) => `${file} -> ${target} (not allowed)`);
}

function isAllowed({ file, target, isTypeOnly }: Import): boolean {
  const place = Object.keys(importTable)
    .filter((path) => file.startsWith(path))
    .sort((left, right) => right.length - left.length)[0];
  const row = importTable[place ?? ""];
  if (place === undefined || row === undefined) return false;

  const allowed = [...row.may, ...(isTypeOnly ? (row.mayTypes ?? []) : [])];
  const own = place.endsWith("/") ? [place] : [];
  return [...own, ...allowed].some((path) => isBelow(target, path));
}

/** Folders and `node:` cover all that begins with them; a package covers its own subpaths. */
function isBelow(target: string, path: string): boolean {
  return target === path || target.startsWith(/[/:]$/.test(path) ? path : `${path}/`);
}

function findBadNames(files: Sources): readonly string[] {
  return Object.keys(files).filter((file) => {
    const parts = file.replace(/(\.generated)?\.ts$/, "").split("/");
    const isKebab = parts.every((part) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part));
    const isStrayIndex =
      parts.at(-1) === "index" && !foldersWithIndex.includes(parts.slice(0, -1).join("/") || ".");
    return !isKebab || isStrayIndex || parts.some((part) => shapelessNames.includes(part));
  });
}

function findLongFiles(files: Sources): readonly string[] {
  return Object.entries(files)
    .map(([file, text]) => ({ file, lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0) }))
    .filter(({ file, lines }) => lines > lineCeiling && !file.endsWith(".generated.ts"))
    .map(({ file, lines }) => `${file} has ${lines} lines`);
}
