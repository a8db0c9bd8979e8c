import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Journal = z.object({ entries: z.array(z.object({ tag: z.string() })) });

/**
 * Writes drizzle-kit's migrations into a module, so that the package needs no SQL files at run time, and
 * says whether that module had to change.
 */
export function embedMigrations(root: string): boolean {
  const folder = join(root, "migrations/sqlite");
  const target = join(root, "src/engines/sqlite/migrations.generated.ts");
  if (!existsSync(folder)) return false;

  const journal = Journal.parse(JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")));
  const text = moduleText(
    journal.entries.map(({ tag }) => ({ tag, sql: readFileSync(join(folder, `${tag}.sql`), "utf8") })),
  );
  if (existsSync(target) && readFileSync(target, "utf8") === text) return false;
  writeFileSync(target, text);
  return true;
}

function moduleText(migrations: readonly { readonly tag: string; readonly sql: string }[]): string {
  return [
    "/** The migrations in order, embedded by scripts/embed-migrations.ts; never edited by hand. */",
    "export const migrations: readonly { readonly tag: string; readonly hash: string; readonly sql: string }[] = [",
    ...migrations.flatMap(({ tag, sql }) => [
      "  {",
      `    tag: ${JSON.stringify(tag)},`,
      `    hash: "${createHash("sha256").update(sql).digest("hex")}",`,
      `    sql: \`${sql.replace(/[`\\]|\$\{/g, "\\$&")}\`,`,
      "  },",
    ]),
    "];",
    "",
  ].join("\n");
}
