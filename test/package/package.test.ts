import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../support/readme.js";
import { checkModule, type Consumer, installConsumer, run, tour } from "./consumer.js";

let installed: Consumer | undefined;

/** The one installation that these tests share; none of them changes what is installed. */
function consumer(): Consumer {
  return (installed ??= installConsumer());
}

afterAll(() => {
  if (installed !== undefined) rmSync(installed.folder, { recursive: true, force: true });
});

describe("the installed package", { timeout: 120_000 }, () => {
  it("holds the compiled code, its types, and the words about it; nothing else", () => {
    const { packed } = consumer();

    const strange = packed.filter(
      (path) => !/^(dist\/.+\.(js|d\.ts)|README\.md|LICENSE|package\.json)$/.test(path),
    );

    expect(strange).toEqual([]);
    expect(packed).toEqual(
      expect.arrayContaining(["README.md", "LICENSE", "dist/index.d.ts", "dist/cli/main.js"]),
    );
  });

  it("points to no file that was left out", () => {
    const { folder, packed } = consumer();
    const texts = packed
      .filter((path) => path.endsWith(".js") || path.endsWith(".d.ts"))
      .map(
        (path) => [path, readFileSync(join(folder, "node_modules/durable-context", path), "utf8")] as const,
      );

    expect(texts.filter(([, text]) => text.includes("sourceMappingURL")).map(([path]) => path)).toEqual([]);
    expect(texts.flatMap(([path, text]) => danglingImports(path, text, packed))).toEqual([]);
  });

  it("runs README's tour as an ES module", () => {
    const { folder } = consumer();
    const { module, promises } = tour();
    writeFileSync(join(folder, "check.mjs"), checkModule());
    writeFileSync(join(folder, "tour.mjs"), `import { check } from "./check.mjs";\n${module}`);

    const { status, stdout, stderr } = inFreshStore(["node", "tour.mjs"], folder);

    expect(status, stderr).toBe(0);
    expect(stdout).toBe(`kept ${promises}\n`);
  });

  it("does without OpenTelemetry and LangGraph, which it may use but does not bring", () => {
    const { folder } = consumer();
    const write = `
      import { openMemoryStore } from "durable-context";
      const ctx = openMemoryStore().context("run");
      ctx.set("a", 1);
      console.log(ctx.history().map(({ tags }) => tags));`;
    writeFileSync(join(folder, "untraced.mjs"), write);

    const { stdout, stderr } = run(["node", "untraced.mjs"], folder);

    for (const peer of ["@opentelemetry", "@langchain"])
      expect(existsSync(join(folder, "node_modules", peer))).toBe(false);
    expect([stdout, stderr]).toEqual(["[ null, null ]\n", ""]);
  });

  it("runs the tour from CommonJS, by require", () => {
    const { folder } = consumer();
    const { module, promises } = tour();
    writeFileSync(join(folder, "check.mjs"), checkModule());
    writeFileSync(join(folder, "tour.cjs"), toCommonJs(`import { check } from "./check.mjs";\n${module}`));

    const { status, stdout, stderr } = inFreshStore(["node", "tour.cjs"], folder);

    expect(status, stderr).toBe(0);
    expect(stdout).toBe(`kept ${promises}\n`);
  });

  it("brings a command that works", () => {
    const { folder } = consumer();
    const store = ["--store", "cli.db"];
    const command = ["npx", "--no-install", "durable-context"];

    const version = run([...command, "--version"], folder);
    const set = run([...command, "set", "run-1", "step", "1", "--create", ...store], folder);
    const contexts = run([...command, "contexts", "--json", ...store], folder);

    expect(version.stdout.trim()).toBe(packageVersion());
    expect(set.status, set.stderr).toBe(0);
    expect(contexts.stdout).toContain('"run-1"');
  });

  it("does without LangGraph's packages, and says what its import would need", () => {
    const { folder } = consumer();
    const command = ["npx", "--no-install", "durable-context", "import-langgraph", "a.db", "b.db"];

    const { status, stderr } = run(command, folder);

    expect(existsSync(join(folder, "node_modules/@langchain"))).toBe(false);
    expect(status).toBe(1);
    expect(stderr).toBe(
      "durable-context: A package of LangGraph's is missing, without which its checkpoints cannot be read.\n" +
        "hint: npm install @langchain/langgraph-checkpoint @langchain/core\n",
    );
  });

  it.each([
    ["nodenext", ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext, false],
    ["bundler", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler, true],
  ])(
    "has types that resolve by %s, under the strictest settings",
    (_, module, moduleResolution, skipLibCheck) => {
      const { folder } = consumer();
      const file = join(folder, "consumer.ts");
      writeFileSync(file, typedConsumer);

      const program = ts.createProgram([file], {
        module,
        moduleResolution,
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck,
        types: [],
        noEmit: true,
      });

      expect(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), formatHost)).toBe("");
    },
  );
});

const typedConsumer = `
import { openStore, type Context, type ContextError, type Snapshot, isContextError } from "durable-context";
import { z } from "zod";

const store = openStore("typed.db", { durability: "normal" });
const ctx: Context<{ step: number; plan: string[] }> = store.context("run-1", { initial: { step: 1 } });
const step: number | undefined = ctx.get("step");
const plan: readonly string[] = ctx.get("plan", []);
const snapshot: Snapshot = ctx.snapshot("typed");
const found = store.context("run-2", { schema: { cents: z.number() } }).get("cents");
const cents: number | undefined = found;
const settled: Promise<{ readonly result: number }> = ctx.phase("p", (copy) => copy.step);
export function codeOf(error: unknown): ContextError["code"] | undefined {
  return isContextError(error) ? error.code : undefined;
}
// @ts-expect-error A key that the type does not have.
ctx.set("stop", 1);
// @ts-expect-error A value of another type.
ctx.set("step", "1");
// @ts-expect-error Values read are frozen.
ctx.get("plan")?.push("x");
export { cents, plan, settled, snapshot, step };
`;

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => consumer().folder,
  getNewLine: () => "\n",
};

function packageVersion(): unknown {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: unknown }).version;
}

/** The tour writes to runs.db where it runs. */
function inFreshStore(command: readonly string[], folder: string): ReturnType<typeof run> {
  for (const end of ["", "-wal", "-shm", "-anchor"]) rmSync(join(folder, `runs.db${end}`), { force: true });
  return run(command, folder);
}

/** The same module as CommonJS, which has no await at its top. */
function toCommonJs(module: string): string {
  const lines = module.split("\n");
  const imports = lines.filter((line) => line.startsWith("import "));
  const required = imports.map((line) =>
    line.replace(/^import (.+) from (".+");$/, "const $1 = require($2);"),
  );
  const rest = lines.filter((line) => !line.startsWith("import "));
  return [...required, "(async () => {", ...rest, "})();"].join("\n");
}

/** Relative imports that lead to no packed file. */
function danglingImports(path: string, text: string, packed: readonly string[]): readonly string[] {
  const specifiers = [...text.matchAll(/(?:from|import) ?\(?"(\.[^"]+)"/g)].map(
    ([, specifier = ""]) => specifier,
  );
  // Declarations name the code that they declare.
  const ending = path.endsWith(".d.ts") ? ".d.ts" : ".js";
  return specifiers.filter(
    (specifier) => !packed.includes(join(path, "..", specifier).replace(/\.js$/, ending)),
  );
}
