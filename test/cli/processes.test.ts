import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Desk, fill, openDesk } from "./command-line.js";

const program = join(import.meta.dirname, "../../dist/cli/main.js");
/** Runs a program on a terminal; only the one of util-linux knows its version. */
const scriptProgram = "script";
const hasScript = spawnSync(scriptProgram, ["--version"]).status === 0;

describe("the program as it is installed", () => {
  it("sets, gets and logs from the shell", () => {
    const desk = openDesk();

    const set = shell(desk, `echo '{"steps":[1]}' | dc set run-42 plan - --create --actor me`);
    const got = shell(desk, "dc get run-42 plan | cat");
    const log = shell(desk, "dc log run-42 --type value_set | cut -f 4-6");

    expect([set.stdout, got.stdout, log.stdout]).toEqual([
      "run-42@1\n",
      '{"steps":[1]}\n',
      "value_set\tplan\tme\n",
    ]);
  });

  it("keeps data and messages apart, and ends with its code", () => {
    const desk = openDesk();
    fill(desk, () => undefined);

    const { stdout, stderr, status } = shell(desk, "dc get run-42 nothing");

    expect([stdout, status]).toEqual(["", 3]);
    expect(stderr).toMatch(/^durable-context: There is no key nothing in run-42\.\nhint: /);
  });

  it("prefers --store, before the command or behind it", () => {
    const desk = openDesk();
    fill(desk, () => undefined);

    const wrong = { ...desk, store: "/nowhere" };
    const ended = [
      shell(wrong, `dc --store ${desk.store} contexts | cut -f 1`),
      shell(wrong, `dc contexts -s ${desk.store} | cut -f 1`),
    ];

    expect(ended.map(({ stdout }) => stdout)).toEqual(["run-42\n", "run-42\n"]);
  });

  it.each(["log run-42", "log run-42 --jsonl", "sql 'SELECT * FROM history'"])(
    "ends quietly when its reader has seen enough: %s",
    (words) => {
      const desk = openDesk();
      fillMany(desk);

      const { stdout, stderr, status } = shell(desk, `set -o pipefail; dc ${words} | head -n 1`);

      expect(stdout.split("\n")).toHaveLength(2);
      expect([stderr, status]).toEqual(["", 0]);
    },
  );

  it("ends with 1 where the answer cannot be written", () => {
    const desk = openDesk();
    fill(desk, () => undefined);

    const { stderr, status } = shell(desk, "dc contexts > /dev/full");

    expect(status).toBe(1);
    expect(stderr).toContain("ENOSPC");
  });
});

describe("log -f", () => {
  it.each([
    ["lines", [], (line: string) => line.split("\t")[4]],
    [
      "documents",
      ["--jsonl"],
      (line: string) => (JSON.parse(line) as { effects: { key: string }[] }).effects[0]?.key,
    ],
  ])("hands on what another process writes as %s, and ends with 130 at Ctrl-C", async (_, words, keyOf) => {
    const desk = openDesk();
    fill(desk, (context) => context.set("first", 1));
    const child = start(desk, ["log", "run-42", "-n", "1", "-f", ...words]);

    await child.said((text) => text.includes("first"));
    execFileSync(process.execPath, [program, "set", "run-42", "second", "2"], { env: environment(desk) });
    execFileSync(process.execPath, [program, "set", "run-42", "third", "3"], { env: environment(desk) });
    await child.said((text) => text.includes("third"));
    child.interrupt();

    expect(await child.ended).toEqual({ code: 130, signal: null });
    expect(child.text().trimEnd().split("\n").map(keyOf)).toEqual(["first", "second", "third"]);
    expect(child.errors()).toBe("");
  });

  it("ends with 3 when the context is deleted", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("first", 1));
    const child = start(desk, ["log", "run-42", "-f"]);

    await child.said((text) => text.includes("first"));
    await desk.run(["delete", "run-42", "--context", "--yes"]);

    expect(await child.ended).toEqual({ code: 3, signal: null });
  });
});

describe("watch", () => {
  it("hands on what other processes write, and ends with 130 at Ctrl-C", async () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("first", 1));
    const child = start(desk, ["watch", "run-*", "--from", "start", "--key", "*"]);

    await child.said((text) => text.includes("first"));
    execFileSync(process.execPath, [program, "set", "run-43", "second", "2", "--create"], {
      env: environment(desk),
    });
    await child.said((text) => text.includes("second"));
    child.interrupt();

    expect(await child.ended).toEqual({ code: 130, signal: null });
    const lines = child.text().trimEnd().split("\n");
    expect(lines.map((line) => line.split("\t")[1])).toEqual(["run-42", "run-43", "run-43"]);
    expect(child.errors()).toBe("");
  });
});

describe.skipIf(!hasScript)("on a real terminal (SKIPPED without `script` of util-linux)", () => {
  it("aligns, colours, and asks before it deletes", () => {
    const desk = openDesk();
    fill(desk, (context) => context.set("goal", 1));

    const shown = terminal(desk, "show run-42");
    const refused = terminal(desk, "delete run-42 --context", "n\n");
    const kept = shell(desk, "dc contexts | cut -f 1");
    const agreed = terminal(desk, "delete run-42 --context", "y\n");

    expect(shown.output).toContain("\u001b[36mgoal\u001b[39m");
    expect(refused.output).toContain('Delete context "run-42" with its 2 events, for good? [y/N]');
    expect([refused.status, kept.stdout, agreed.status]).toEqual([1, "run-42\n", 0]);
    expect(agreed.output).toContain('Deleted context "run-42" with its 2 events.');
  });
});

describe("completion", () => {
  it.each([
    ["bash", "complete -F"],
    ["zsh", "#compdef durable-context"],
    ["fish", "complete -c durable-context"],
    ["powershell", "Register-ArgumentCompleter"],
  ])("prints a script for %s", (name, expected) => {
    const { stdout, status } = shell(openDesk(), `dc completion ${name}`);

    expect(status).toBe(0);
    expect(stdout).toContain(expected);
  });

  it("has a bash script that bash accepts", () => {
    const { status, stderr } = shell(openDesk(), "dc completion bash | bash -n");

    expect([status, stderr]).toEqual([0, ""]);
  });

  it("offers commands, options and the contexts of the store", () => {
    const desk = openDesk();
    fill(desk, () => undefined);
    fill(desk, () => undefined, { id: "evil\u001b[2J id" });

    const [commands, options, contexts] = ["sna", "log --ch", "show ''"].map(
      (words) => shell(desk, `dc complete -- ${words}`).stdout,
    );

    expect(commands!.split("\n").map((line) => line.split("\t")[0])).toEqual([
      "snapshot",
      "snapshots",
      ":4",
      "",
    ]);
    expect(options).toContain("--changes\t");
    expect(contexts!.split("\n").map((line) => line.split("\t")[0])).toEqual(["run-42", ":4", ""]);
  });

  it("offers the other name of a command, and what that takes", () => {
    const desk = openDesk();
    fill(desk, () => undefined);

    const [names, options, contexts] = ["exp", "import --dry", "export file ''"].map(
      (words) => shell(desk, `dc complete -- ${words}`).stdout,
    );

    expect(names).toMatch(/^export\t/);
    expect(options).toContain("--dry-run\t");
    expect(contexts).toMatch(/^run-42\t/);
  });

  it("offers nothing, and complains of nothing, without a store", () => {
    const { stdout, stderr } = shell({ ...openDesk(), store: "/nowhere" }, "dc complete -- show ''");

    expect([stdout, stderr]).toEqual([":4\n", ""]);
  });
});

/** Runs a line of bash in which `dc` is the program. */
function shell(desk: Desk, line: string) {
  return spawnSync("bash", ["--norc", "-c", `dc() { "${process.execPath}" "${program}" "$@"; }; ${line}`], {
    env: environment(desk),
    encoding: "utf8",
  });
}

/** Runs the program on a terminal of its own, and types. */
function terminal(desk: Desk, words: string, typed = ""): { output: string; status: number | null } {
  const { stdout, status } = spawnSync(
    scriptProgram,
    ["-qec", `"${process.execPath}" "${program}" ${words}`, "/dev/null"],
    {
      env: environment(desk),
      input: typed,
      encoding: "utf8",
    },
  );
  return { output: stdout, status };
}

function start(desk: Desk, words: readonly string[]) {
  const child = spawn(process.execPath, [program, ...words], { env: environment(desk) });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  let errors = "";
  child.stdout.on("data", (part: Buffer) => (text += part.toString()));
  child.stderr.on("data", (part: Buffer) => (errors += part.toString()));
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as unknown,
    signal: signal as unknown,
  }));
  return {
    ended,
    text: () => text,
    errors: () => errors,
    interrupt: () => child.kill("SIGINT"),
    said: async (isEnough: (text: string) => boolean) => {
      while (!isEnough(text))
        await Promise.race([once(child.stdout, "data"), ended.then(() => failEarly(errors))]);
    },
  };
}

function failEarly(errors: string): never {
  throw new Error(`The program ended before it said what was waited for. ${errors}`);
}

function environment(desk: Desk): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { PATH, TERM: "xterm", DURABLE_CONTEXT_STORE: desk.store };
}

/** More than a pipe holds. */
function fillMany(desk: Desk): void {
  fill(desk, (context) => {
    context.batch(() => {
      for (let index = 0; index < 2000; index += 1) context.set(`key-${index % 10}`, "x".repeat(index % 200));
    });
  });
}
