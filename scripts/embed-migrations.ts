import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";
import { fingerprintOf, readSchema } from "../src/engines/sqlite/schema-fingerprint.js";

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

interface MigrationFile {
  readonly tag: string;
  readonly sql: string;
}

function moduleText(files: readonly MigrationFile[]): string {
  return [
    "interface Migration {",
    "  readonly tag: string;",
    "  readonly hash: string;",
    "  /** What the schema is once this migration is done: a fingerprint of all that the database defines. */",
    "  readonly schema: string;",
    "  readonly sql: string;",
    "}",
    "",
    "/** The migrations in order, embedded by scripts/embed-migrations.ts; never edited by hand. */",
    "export const migrations: readonly Migration[] = [",
    ...withFingerprints(files).flatMap(({ tag, sql, schema }) => [
      "  {",
      `    tag: ${JSON.stringify(tag)},`,
      `    hash: "${createHash("sha256").update(sql).digest("hex")}",`,
      `    schema: "${schema}",`,
      `    sql: \`${sql.replace(/[`\\]|\$\{/g, "\\$&")}\`,`,
      "  },",
    ]),
    "];",
    "",
  ].join("\n");
}

function withFingerprints(files: readonly MigrationFile[]): readonly (MigrationFile & { schema: string })[] {
  const database = new Database(":memory:");
  try {
    return files.map((file) => {
      database.exec(file.sql);
      return { ...file, schema: fingerprintOf(readSchema(database)) };
    });
  } finally {
    database.close();
  }
}
