import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import ts from "typescript";
import { describe, expect, it, onTestFinished } from "vitest";
import { Context, Store } from "durable-context";
import { errorMessages } from "../src/core/error-table.js";
import { blocksOf, readReadme, root } from "./support/readme.js";
import { programOf } from "./support/readme-program.js";
import { auditQueries } from "./sql/audit-queries.js";

const readme = readReadme();
const blocks = blocksOf(readme);
const runnable = blocks.filter(({ info }) => info === "ts");

describe("README", () => {
  it("has no block of code that is neither run nor called a fragment", () => {
    const kinds = ["ts", "ts fragment", "sql", "sh", "text"];

    const others = blocks.filter(({ info }) => !kinds.includes(info));

    expect(others.map(({ line, info }) => `${line}: ${info}`)).toEqual([]);
    expect(runnable.length).toBeGreaterThan(15);
  });

  it("tells what its code does, to the letter", () => {
    const project = temporaryProject();
    const checks = new URL("./support/readme-check.ts", import.meta.url);
    const code = `import { check } from ${JSON.stringify(checks.href)};\n${programOf(runnable, true)}`;
    writeFileSync(join(project, "readme.mts"), code);

    const tsx = import.meta.resolve("tsx");
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, "readme.mts"], {
      cwd: project,
      encoding: "utf8",
    });

    expect(status, stderr).toBe(0);
    const promises = runnable.flatMap(({ code: text }) => text.match(/\/\/ (→|throws )/g) ?? []);
    expect(stdout).toContain(`kept ${promises.length}\n`);
  });

  it("has code that compiles as it stands, under the strictest settings", () => {
    const project = temporaryProject();
    const file = join(project, "readme.mts");
    writeFileSync(file, programOf(runnable, false));

    const program = ts.createProgram([file], {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
      skipLibCheck: true,
      noEmit: true,
    });

    expect(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), formatHost)).toBe("");
  });

  it.each(auditQueries.map(({ question, sql }) => [question, sql]))(
    "quotes the query for: %s",
    (question, sql) => {
      const quoted = blocks.find(({ info, code }) => info === "sql" && code.trim().replace(/;$/, "") === sql);

      expect(readme).toContain(question);
      expect(quoted).toBeDefined();
    },
  );

  it("lists every error code, and none that does not exist", () => {
    const listed = [...readme.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, code]) => code);

    expect(listed.sort()).toEqual(Object.keys(errorMessages).sort());
  });

  it("shows commands that work", () => {
    const project = temporaryProject();
    const bin = join(project, "node_modules/.bin");
    mkdirSync(bin);
    symlinkSync(join(root, "dist/cli/main.js"), join(bin, "durable-context"));
    const commands = blocks.filter(({ info, heading }) => info === "sh" && heading === "The command line");

    const { status, stdout, stderr } = spawnSync("sh", ["-e"], {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) },
      input: commands.map(({ code }) => code).join("\n"),
    });

    expect(status, stderr).toBe(0);
    expect(stdout).toContain(
      'key,value\ngoal,"""ship"""\nowner,"""ada"""\nstep,1\n'.replaceAll("\n", "\r\n"),
    );
    expect(existsSync(join(project, "run-7.jsonl"))).toBe(true);
  });

  it("lists every command", () => {
    const main = join(root, "dist/cli/main.js");
    const help = spawnSync(process.execPath, [main, "--help"], { encoding: "utf8" }).stdout;
    const commands = help.split("Commands:")[1]?.split("\n\n")[0] ?? "";
    const known = [...commands.matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name);

    const table = readme.slice(readme.indexOf("| command "), readme.indexOf("Answers go to stdout"));
    const listed = [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);

    expect(listed).toEqual(known.filter((name) => name !== "help"));
  });

  it("names only verbs that exist", () => {
    const named = [...readme.matchAll(/`(ctx|store)\.([a-zA-Z]+)/g)];

    const nouns = { ctx: [Context.prototype, "data"], store: [Store.prototype] } as const;
    const missing = named.filter(([, noun, verb = ""]) => {
      const [prototype, ...own] = nouns[noun as keyof typeof nouns];
      return !(verb in prototype) && !own.some((name) => name === verb);
    });
    expect(missing.map(([text]) => text)).toEqual([]);
  });
});

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};

/** An empty project beside this one that depends on it, and on zod. */
function temporaryProject(): string {
  const project = mkdtempSync(join(tmpdir(), "durable-context-readme-"));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  mkdirSync(join(project, "node_modules"));
  symlinkSync(root, join(project, "node_modules/durable-context"));
  for (const name of ["zod", "@langchain"])
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  return project;
}
