import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { formatReference, openStore } from "../index.js";
import type { Cli } from "./cli.js";
import { escapeControls } from "./terminal-text.js";

/** At most so many contexts are offered. */
const mostContexts = 200;

/** Adds `completion`, which prints a shell's script, and the hidden command that such a script calls. */
export function addCompletion(program: Command, cli: Cli): void {
  const completions = tab(program, { completionCommandName: "completion" });
  program.commands
    .find((command) => command.name() === "completion")
    ?.description("print the script that completes this program's commands in a shell")
    .addHelpText(
      "after",
      "\nOffers contexts of the store that DURABLE_CONTEXT_STORE names.\n\nExample:\n  source <(durable-context completion bash)",
    );
  for (const command of program.commands) {
    const completed = completions.commands.get(command.name());
    if (completed === undefined) continue;
    for (const alias of command.aliases()) completions.commands.set(alias, completed);
  }
  for (const command of completions.commands.values()) {
    for (const name of ["reference", "context", "from", "to"]) {
      const argument = command.arguments.get(name);
      if (argument === undefined) continue;
      argument.handler = (complete) => {
        for (const { id, summary } of knownContexts(cli)) complete(id, summary);
      };
    }
  }
}

/** Contexts of the store that the environment names; a shell's prompt is no place for errors. */
function knownContexts(cli: Cli): readonly { id: string; summary: string }[] {
  try {
    using store = openStore(cli.location, { create: false });
    return store
      .contexts({ limit: mostContexts })
      .filter(({ id }) => formatReference(id) === id && /^\S+$/.test(id) && escapeControls(id) === id)
      .map(({ id, version, keys }) => ({ id, summary: `version ${version}, ${keys} keys` }));
  } catch {
    return [];
  }
}
