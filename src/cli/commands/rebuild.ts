import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { countOf } from "../count-of.js";
import { Findings } from "../findings.js";

/** Adds `rebuild`, which makes the projections again. */
export function addRebuild(program: Command, cli: Cli): void {
  program
    .command("rebuild")
    .description("make every derived table again from the events; list how many rows of each had been wrong")
    .option("--exit-code", "exit with 6 if any had been")
    .addHelpText(
      "after",
      writeGuide({ examples: ["rebuild --exit-code"], json: '"contexts", "events", "differences": {}' }),
    )
    .action((flags: { exitCode?: true }) => rebuild(cli, flags));
}

async function rebuild(cli: Cli, flags: { exitCode?: true }): Promise<void> {
  const report = await cli.withStore((store) => store.rebuild());
  const found = Object.values(report.differences).reduce((sum, count) => sum + count, 0);
  if (cli.wantsJson) await cli.output.document("rebuild", report);
  else {
    await cli.output.table(
      [{ title: "TABLE" }, { title: "DIFFERENCES", align: "right" }],
      Object.entries(report.differences).map(([table, count]) => [table, String(count)]),
    );
    const { contexts, events } = report;
    await cli.output.note(
      `Rebuilt from ${countOf(events, "event")} of ${countOf(contexts, "context")}: ${found === 0 ? "all was as it should be" : `${countOf(found, "row")} had been wrong`}.`,
    );
  }
  if (found > 0 && flags.exitCode === true) throw new Findings();
}
