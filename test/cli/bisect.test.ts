import { describe, expect, it } from "vitest";
import { type Desk, fill, openDesk } from "./command-line.js";

describe("bisect --when", () => {
  it("tells the event that turned it, and the difference that it made", async () => {
    const desk = budgetDesk();

    const { code, out, err } = await desk.run(["bisect", "run-42", "--when", "data.budget < 0"]);

    const row = ["5", "4", "2026-11-23T10:00:00.000Z", "value_set", "budget", "writer", ""];
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(`${row.join("\t")}\n~ budget: 2 → -1\n`);
  });

  it("looks only where it is told to", async () => {
    const desk = budgetDesk();
    const ask = async (...words: string[]) => {
      const { code, out, err } = await desk.run(["bisect", ...words, "--when", "data.budget < 6", "--json"]);
      return code === 0 ? (JSON.parse(out) as { version: number; before: number; steps: number }) : err;
    };

    expect(await ask("run-42@1", "@3")).toMatchObject({ version: 3, before: 1, steps: 2 });
    expect(await ask("run-42@3", "run-42@4")).toMatchObject({ version: 3, before: null, steps: 1 });
    expect(await ask("run-42@0", "@1")).toContain("It is not true at run-42@1, where the range ends.");
  });

  it("says where it is true from the start, since the turn may lie before", async () => {
    const { err, out } = await budgetDesk().run(["bisect", "run-42@3", "--when", "true"]);

    expect(err).toContain("true from the start of the range, run-42@3");
    expect(out.split("\n")).toHaveLength(2);
  });

  it("shows on a terminal how it goes on", async () => {
    const { err } = await budgetDesk().run(["bisect", "run-42", "--when", "version >= 3"], {
      terminal: true,
    });

    expect(err.split("\n")).toEqual([
      "run-42@0: not yet",
      "run-42@5: it has turned",
      "run-42@3: it has turned",
      "run-42@1: not yet",
      "",
    ]);
  });

  it("passes over the states inside a batch", async () => {
    const desk = budgetDesk();

    const { out } = await desk.run(["bisect", "run-42", "--when", "version >= 2", "--json"]);

    expect(JSON.parse(out)).toMatchObject({ version: 3, before: 1 });
  });

  it("gives the expression what the values were, frozen, and nothing else", async () => {
    const desk = openDesk();
    const value = {
      due: new Date(0),
      big: 5n,
      map: new Map<unknown, unknown>([["k", new Set([{ deep: [undefined, -0] }])]]),
      match: /a/gi,
      none: NaN,
      link: new URL("https://example.org/x"),
      error: new TypeError("bad", { cause: 7n }),
      ["__proto__"]: { own: 1 },
      $type: "mine",
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
    };
    fill(desk, (context) => context.set("value", value));
    const claims = [
      "data.value.due instanceof Date && data.value.due.getTime() === 0",
      "data.value.big === 5n",
      "data.value.map.get('k') instanceof Set",
      "[...data.value.map.get('k')][0].deep[0] === undefined",
      "Object.is([...data.value.map.get('k')][0].deep[1], -0)",
      "data.value.match.test('xA')",
      "Number.isNaN(data.value.none)",
      "data.value.link === 'https://example.org/x'",
      "data.value.error.name === 'TypeError' && data.value.error.message === 'bad'",
      "data.value.error.cause === 7n",
      "Object.hasOwn(data.value, '__proto__') && data.value['__proto__'].own === 1",
      "data.value.$type === 'mine' && data.value.bare.a === 1",
      "Object.isFrozen(data) && Object.isFrozen(data.value)",
      "data instanceof Object && version === 1",
      "Reflect.ownKeys(globalThis).filter((name) => typeof globalThis[name] === 'function').every((name) => !/Array.|Buffer|require|fetch|setTimeout/.test(name))",
      "typeof process + typeof require + typeof console + typeof WebAssembly === 'undefined'.repeat(4)",
      "typeof stateText + typeof versionNumber === 'undefined'.repeat(2)",
    ];

    const failing = [];
    for (const claim of claims) {
      const { code, err } = await desk.run(["bisect", "run-42@1", "--when", `${claim} // so`]);
      if (code !== 0) failing.push(`${claim}: ${err}`);
    }

    expect(failing).toEqual([]);
  }, 60_000);

  it.each([
    ["", "cannot be read"],
    ["data.budget <", "cannot be read"],
    ["1; 2", "cannot be read"],
    ["1) || (2", "cannot be read"],
    ["1] || [2", "cannot be read"],
    ["while (true) {}", "cannot be read"],
    ["import.meta.url", "cannot be read"],
  ])("refuses what is no expression before it looks at anything: %s", async (expression, message) => {
    const { code, err } = await budgetDesk().run(["bisect", "run-42", "--when", expression]);

    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it.each([
    ["data.plan.steps", "threw on run-42@0: TypeError: Cannot read properties of undefined"],
    ["(() => { throw 'no' })()", "threw on run-42@0: no."],
    ["(() => { throw { toString() { throw 1; } }; })()", "threw on run-42@0: something that has no text."],
    ["data.budget = 1", "threw on run-42@0: TypeError"],
    ["(function f() { return f(); })()", "threw on run-42@0: RangeError"],
    ["Promise.resolve(true)", "gave a promise on run-42@0"],
    ["({ then() {} })", "gave a promise on run-42@0"],
    ["'\\u001b[2J' in 1", "threw on run-42@0"],
  ])("names the version at which an expression gives no answer: %s", async (expression, message) => {
    const { code, out, err } = await budgetDesk().run(["bisect", "run-42", "--when", expression]);

    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(message);
  });

  it.each([
    ["a loop", "(() => { for (;;); })()"],
    ["a loop of promises", "(async () => { for (;;) await 0; })() && false"],
    ["an expression that tries all ways", "/(a+)+$/.test('a'.repeat(50) + 'b')"],
    ["a loop in what tells of an error", "(() => { throw { toString() { for (;;); } }; })()"],
    ["a loop in what it gives", "({ get then() { for (;;); } })"],
  ])("ends %s in time", async (_, expression) => {
    const words = ["bisect", "run-42@0", "@0", "--when", expression, "--timeout", "1"];

    const { code, err } = await budgetDesk().run(words);

    expect(code).toBe(1);
    expect(err).toContain("took longer than 1 s on run-42@0");
  });

  it("ends what takes all memory, and lives on itself", async () => {
    const greedy = "(() => { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); })()";

    const { code, err } = await budgetDesk().run(["bisect", "run-42@0", "--when", greedy, "--timeout", "60"]);

    expect(code).toBe(1);
    expect(err).toContain("may have needed more than 512 MB");
  }, 90_000);

  it.each([
    ["the constructor of the global object", `globalThis.constructor.constructor("return process")()`],
    ["the constructor of the state", `data.constructor.constructor("return process")()`],
    ["a generator's constructor", `(function* () {}).constructor("return process")()`],
    ["eval", `eval("process")`],
    ["WebAssembly", "new WebAssembly.Module(new Uint8Array(8))"],
    ["memory beside the heap", "new ArrayBuffer(1e10)"],
  ])("gives no way out through %s", async (_, expression) => {
    const { code, err } = await budgetDesk().run(["bisect", "run-42@0", "@0", "--when", expression]);

    expect(code).toBe(1);
    expect(err).toMatch(/threw on run-42@0: (EvalError|ReferenceError)/);
  });

  it("gives no way out through an error of the outer world, or the frames of a stack", async () => {
    const desk = budgetDesk();
    const isTrue = async (expression: string) => {
      const { code, err } = await desk.run(["bisect", "run-42@0", "@0", "--when", expression]);
      return [code, err];
    };
    // A refused import() is an error made outside; what it can reach must make no code there, either.
    const byImport = `import("node:fs").catch((e) => {
      e.constructor.constructor("return process")().exit(0);
    }) && false`;
    const byStack = `(() => {
      Error.prepareStackTrace = (_, sites) => sites.map((site) => [site.getThis(), site.getFunction()]).flat();
      return new Error().stack.every((each) => each === undefined || each === globalThis);
    })()`;

    expect(await isTrue(byImport)).toEqual([3, expect.stringContaining("It is not true")]);
    expect(await isTrue(byStack)).toEqual([0, expect.stringContaining("true from the start")]);
  });

  it("takes a proxy for true without asking it anything but whether it is a promise", async () => {
    const proxy = "new Proxy({}, { get: (_, name) => { if (name !== 'then') throw name; } })";

    const { code } = await budgetDesk().run(["bisect", "run-42@0", "--when", proxy]);

    expect(code).toBe(0);
  });
});

describe("bisect --exec", () => {
  const script = (code: string) => `${JSON.stringify(process.execPath)} -e '${code}'`;
  const budget = `JSON.parse(require("fs").readFileSync(0, "utf8")).budget`;

  it("lets the exit code of a command decide, which gets the state on stdin", async () => {
    const command = script(`process.exit(${budget} < 0 ? 1 : 0)`);

    const { code, out } = await budgetDesk().run(["bisect", "run-42", "--exec", command, "--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 4, before: 3, difference: [{ path: ["budget"] }] });
  });

  it.each([
    [1, 0, 4],
    [124, 0, 4],
    [126, 0, 4],
    [127, 0, 4],
    [0, 3, undefined],
  ])("takes exit code %i for an answer", async (status, code, version) => {
    const command = `[ "$DURABLE_CONTEXT_VERSION" -lt 4 ] || exit ${status}`;

    const ended = await budgetDesk().run(["bisect", "run-42", "--exec", command, "--json"]);

    expect(ended.code).toBe(code);
    if (version !== undefined) expect(JSON.parse(ended.out)).toMatchObject({ version });
  });

  it.each([
    ["exit 125", 1, "cannot tell of run-42@0"],
    ["exit 128", 1, "ended the search at run-42@0 (exit code 128)"],
    ["kill -9 $$", 1, "ended the search at run-42@0 (signal SIGKILL)"],
    ["exit 127", 1, "cannot be run: exit code 127"],
    ["kill -2 $$", 130, ""],
  ])("ends the search by: %s", async (command, code, message) => {
    const ended = await budgetDesk().run(["bisect", "run-42", "--exec", command]);

    expect({ code: ended.code, out: ended.out }).toEqual({ code, out: "" });
    expect(ended.err).toContain(message);
  });

  it("does not mind a command that does not read a large state", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("large", "x".repeat(3_000_000)));

    const { code, out } = await desk.run(["bisect", "run-42@1", "--exec", "exit 1", "--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 1 });
  });

  it("names the store to the command, and keeps the store usable by it", async () => {
    const command = `[ "$DURABLE_CONTEXT_STORE" != "" ] && [ -s "$DURABLE_CONTEXT_STORE" ] && exit 1; exit 125`;

    const { code } = await budgetDesk().run(["bisect", "run-42@2", "--exec", command]);

    expect(code).toBe(0);
  });
});

describe("bisect", () => {
  it.each([
    [["bisect", "run-42"], "Pass --when with an expression, or --exec"],
    [["bisect", "run-42", "--when", "true", "--exec", "true"], "cannot be used with"],
    [["bisect", "run-42@3", "run-43@5", "--when", "true"], "name two contexts"],
    [["bisect", "run-42@4", "@3", "--when", "true"], "comes after 3"],
    [["bisect", "run-42", "--when", "true", "--timeout", "soon"], "not a whole number"],
  ])("takes %j for a mistake", async (words, message) => {
    const { code, err } = await budgetDesk().run(words);

    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

/** Version 2 and 3 are one batch; 4 is where the budget is overdrawn. */
function budgetDesk(): Desk {
  const desk = openDesk();
  fill(desk, (context) => {
    context.set("budget", 10, { actor: "planner" });
    context.batch(() => {
      context.set("budget", 5);
      context.set("budget", 2);
    });
    context.set("budget", -1, { actor: "writer" });
    context.set("other", 1);
  });
  return desk;
}
