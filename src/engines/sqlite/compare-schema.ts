import Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { migrations } from "./migrations.generated.js";
import { fingerprintOf, readSchema, type SchemaObject } from "./schema-fingerprint.js";

/**
 * Compares what a file defines with what the migrations of its schema number define. Triggers, views, generated
 * columns and checks of somebody else's would run when the file is used, so whoever opens it asks first.
 * @throws {ContextError} STORE_ALTERED
 */
export function requireOwnSchema(database: Database.Database, store: string): void {
  const what = findAlterations(database);
  if (what.length > 0) throw new ContextError("STORE_ALTERED", { store, what });
}

/** Tells, in words, in what a file's schema is not ours; nothing of the file is run. */
export function findAlterations(database: Database.Database): readonly string[] {
  // In one transaction: another process may be migrating the file.
  return database.transaction(() => findDifferences(database))();
}

function findDifferences(database: Database.Database): readonly string[] {
  // Other encodings order text in another way, so that the listings of keys and contexts would be wrong.
  const encoding = String(database.pragma("encoding", { simple: true }));
  if (encoding !== "UTF-8") return [`its text is kept as ${encoding}`];
  // SQLite keeps user_version as a 32-bit integer.
  const number = database.pragma("user_version", { simple: true }) as number;
  const newest = migrations[number - 1];
  if (newest === undefined) return [`its schema number is ${number}`];
  const found = readSchema(database);
  const print = fingerprintOf(found);
  if (print === newest.schema) return [];
  // Another SQLite may write the text of an altered table in another way.
  const expected = makeSchema(number);
  if (print === fingerprintOf(expected)) return [];
  const differences = compare(expected, found);
  return differences.length > 0 ? differences : ["its schema names an object twice"];
}

/** What the migrations up to a schema number make. */
function makeSchema(number: number): readonly SchemaObject[] {
  const model = new Database(":memory:");
  try {
    for (const { sql } of migrations.slice(0, number)) model.exec(sql);
    return readSchema(model);
  } finally {
    model.close();
  }
}

function compare(expected: readonly SchemaObject[], found: readonly SchemaObject[]): readonly string[] {
  const [ours, theirs] = [byTitle(expected), byTitle(found)];
  const titles = [...new Set([...theirs.keys(), ...ours.keys()])];
  return titles.flatMap((title) => {
    const [our, their] = [ours.get(title), theirs.get(title)];
    if (our === undefined) return [`${title} was added`];
    if (their === undefined) return [`${title} is missing`];
    return fingerprintOf([our]) === fingerprintOf([their]) ? [] : [`${title} was changed`];
  });
}

function byTitle(objects: readonly SchemaObject[]): ReadonlyMap<string, SchemaObject> {
  return new Map(objects.map((object) => [titleOf(object), object]));
}

/** The longest name that a message repeats; a file from elsewhere may hold any. */
const longestName = 60;

function titleOf({ type, name }: SchemaObject): string {
  const [kind, text] = [String(type), String(name)].map((part) =>
    part.length > longestName ? `${part.slice(0, longestName)}…` : part,
  );
  return `${kind ?? ""} ${JSON.stringify(text)}`;
}
