import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Desk, fill, openDesk } from "../command-line.js";

const program = join(import.meta.dirname, "../../../dist/cli/main.js");
/** Runs a program on a terminal of its own; only the one of util-linux knows its version. */
const scriptProgram = "script";
const hasScript = spawnSync(scriptProgram, ["--version"]).status === 0;

const enter = "\u001b[?1049h";
const leave = "\u001b[?1049l";
const right = "\u001b[C";
const left = "\u001b[D";

describe.skipIf(!hasScript)("replay on a real terminal (SKIPPED without `script` of util-linux)", () => {
  it("hears keys one by one, shows what they ask for, and gives the terminal back", async () => {
    const terminal = start(filledDesk());

    await terminal.shows("event #4 of 4", "step: 2 → 3");
    await terminal.press(left, "event #3 of 4", "step: 1 → 2");
    await terminal.press("g", "event #1 of 4");
    await terminal.press(right, "event #2 of 4", "+ step: 1");
    await terminal.press("/", "filter: ");
    await terminal.press("actor:bob\r", "event #3 of 4");
    await terminal.press(":", "jump to: ");
    await terminal.press("@9\r", "nothing at @9");
    await terminal.press("d", "state", "~ step: 2");
    await terminal.press("q", leave);

    expect(await terminal.ended()).toEqual({ code: 0, settings: terminal.settings() });
  });

  it.each<[string, (terminal: Terminal) => void, number]>([
    ["Ctrl-C", (terminal) => terminal.type("\u0003"), 130],
    ["a lone Escape", (terminal) => terminal.type("\u001b"), 0],
    ["SIGTERM", (terminal) => terminal.signal("SIGTERM"), 143],
    ["SIGINT from elsewhere", (terminal) => terminal.signal("SIGINT"), 130],
    ["SIGHUP", (terminal) => terminal.signal("SIGHUP"), 129],
  ])("gives the terminal back when it is ended by %s", async (_, end, code) => {
    const terminal = start(filledDesk());

    await terminal.shows("event #4 of 4");
    end(terminal);
    await terminal.shows(leave);

    expect(await terminal.ended()).toEqual({ code, settings: terminal.settings() });
  });

  it("leaves the terminal alone where it only lists", async () => {
    const terminal = start(filledDesk(), "< /dev/null");

    const { code } = await terminal.ended();

    expect(code).toBe(0);
    expect(terminal.screen()).toContain("~ step: 2 → 3");
    expect(terminal.screen()).not.toContain(enter);
  });
});

type Terminal = ReturnType<typeof start>;

/** Starts a replay in a shell on a terminal; the shell tells the settings before, and then the code and the settings. */
function start(desk: Desk, redirection = "") {
  const settings = "echo \"[settings $(stty -a | tr -d '\\n')]\"";
  const commands = [
    "stty rows 24 cols 80",
    settings,
    `(echo "[process $BASHPID]"; exec "$NODE" "$PROGRAM" replay run-42 ${redirection})`,
    'echo "[code $?]"',
    settings,
  ];
  const child = spawn(scriptProgram, ["-qec", 'bash --norc -c "$COMMANDS"', "/dev/null"], {
    env: {
      PATH: process.env.PATH,
      TERM: "xterm",
      NO_COLOR: "1",
      SHELL: "/bin/sh",
      NODE: process.execPath,
      PROGRAM: program,
      COMMANDS: commands.join("; "),
      DURABLE_CONTEXT_STORE: desk.store,
    },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let seen = 0;
  child.stdout.on("data", (part: Buffer) => (output += part.toString()));
  const gone = once(child, "close").then(() => {
    throw new Error(`It ended before it showed what was waited for. ${output}`);
  });
  gone.catch(() => undefined);
  const shows = async (...texts: readonly string[]) => {
    while (!texts.every((text) => output.slice(seen).includes(text)))
      await Promise.race([once(child.stdout, "data"), gone]);
    seen = output.length;
  };
  const found = (pattern: RegExp) => [...output.matchAll(pattern)].map(([, text]) => text);
  return {
    shows,
    type: (keys: string) => void child.stdin.write(keys),
    press: async (keys: string, ...texts: readonly string[]) => {
      child.stdin.write(keys);
      await shows(...texts);
    },
    signal: (name: NodeJS.Signals) => void process.kill(Number(found(/\[process (\d+)\]/g)[0]), name),
    screen: () => output,
    settings: () => found(/\[settings ([^\]]*)\]/g)[0],
    ended: async () => {
      await gone.catch(() => undefined);
      return { code: Number(found(/\[code (\d+)\]/g)[0]), settings: found(/\[settings ([^\]]*)\]/g)[1] };
    },
  };
}

function filledDesk(): Desk {
  const desk = openDesk();
  fill(desk, (context) => {
    context.set("step", 1, { actor: "ada" });
    context.set("step", 2, { actor: "bob" });
    context.set("step", 3, { actor: "ada" });
  });
  return desk;
}
