import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const source = `
import { openMemoryStore, openStore } from "../../src/index.js";
import { z } from "zod";
const store = openStore("x.db");
const ctx = store.context("run", { schema: { step: z.number() } });
const later = openMemoryStore({ mode: "async" });
export const contextOfSchema = ctx;
export const plainContext = store.context("run");
export const promisedContext = later.context("run");
export const found = store.find("run");
export const set = ctx.set("step", 1);
export const got = ctx.get("step");
export const deleted = ctx.delete("step");
export const updated = ctx.update({ step: 1 });
export const taken = ctx.snapshot("s");
export const snapshots = ctx.snapshots();
export const changes = ctx.changes();
export const view = ctx.at(0);
export const phase = ctx.phase("p", async () => 1);
export const promisedUpdate = later.context("run").then((slow) => slow.update({}));
export const listed = store.contexts();
export const steps = ctx.replay();
export const tried = ctx.whatIf();
export const folded = ctx.replayInto((count, event) => count + event.sequence, 0);
export const handle = ctx.as({ actor: "planner" });
`;

/** What an editor shows of each of the constants above. */
function hoverTypes(): Record<string, string> {
  const file = join(import.meta.dirname, "hover-source.ts");
  const config = ts.readConfigFile(join(import.meta.dirname, "../../tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  );
  const { options } = ts.parseJsonConfigFileContent(
    config.config,
    ts.sys,
    join(import.meta.dirname, "../.."),
  );
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, source, version) : getSourceFile(name, version);
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const module_ = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  return Object.fromEntries(
    checker
      .getExportsOfModule(module_)
      .map((symbol) => [symbol.name, checker.typeToString(checker.getTypeOfSymbol(symbol))]),
  );
}

it("shows on hover what a method gives, not how its type is made", () => {
  expect(hoverTypes()).toEqual({
    contextOfSchema: 'Context<ValuesOf<{ step: ZodNumber; }>, "sync">',
    plainContext: 'Context<Record<string, unknown>, "sync">',
    promisedContext: 'Promise<Context<Record<string, unknown>, "async">>',
    found: 'Context<Record<string, unknown>, "sync"> | undefined',
    set: "void",
    got: "number | undefined",
    deleted: "boolean",
    updated: "Written",
    taken: "Snapshot",
    snapshots: "readonly Snapshot[]",
    changes: "readonly Change[]",
    view: "View<ValuesOf<{ step: ZodNumber; }>>",
    phase: "Promise<PhaseOutcome<number>>",
    promisedUpdate: "Promise<Written>",
    listed: "readonly ContextInfo[]",
    steps: "Iterable<ReplayStep<ValuesOf<{ step: ZodNumber; }>>>",
    tried: 'Context<ValuesOf<{ step: ZodNumber; }>, "sync">',
    folded: "number",
    handle: 'Context<ValuesOf<{ step: ZodNumber; }>, "sync">',
  });
});
