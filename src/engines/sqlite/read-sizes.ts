import type Database from "better-sqlite3";
import type {
  ContextSize,
  EventKindSize,
  EventSize,
  KeySize,
  Log,
  RowCounts,
  StoreSizes,
} from "../engine.js";

/** Answers how large things are. Payloads are measured without being read, but for what each key takes of them. */
export function readSizes(
  database: Database.Database,
): Pick<Log, "sizes" | "eventSizes" | "eventsUpTo" | "contextSizes" | "storeSizes" | "rowCounts"> {
  const counts = database.prepare<[{ context: number; after: number }], RowCounts>(
    `SELECT (SELECT count(*) FROM key_changes WHERE context = :context AND sequence > :after) AS keyChanges,
            (SELECT count(*) FROM receipts WHERE context = :context) AS receipts`,
  );
  return {
    ...readEventSizes(database),
    ...readKeySizes(database),
    rowCounts: (context, after) => counts.get({ context, after }) ?? { keyChanges: 0, receipts: 0 },
    storeSizes: () => storeSizes(database),
  };
}

const sizeColumns = "count(*) AS events, coalesce(sum(octet_length(payload)), 0) AS eventBytes";

function readEventSizes(
  database: Database.Database,
): Pick<Log, "eventSizes" | "eventsUpTo" | "contextSizes"> {
  const upTo = database.prepare<[number, number], EventSize>(
    `SELECT ${sizeColumns} FROM events WHERE context = ? AND sequence <= ?`,
  );
  const kindsOf = (where: string) =>
    database.prepare<[number, number, number, { context: number | null }], EventKindSize>(
      `SELECT type, (recorded_at < ?) + (recorded_at < ?) + (recorded_at < ?) AS age, ${sizeColumns}
       FROM events WHERE ${where} GROUP BY 1, 2 ORDER BY 1, 2`,
    );
  // Without a condition the table is read in its own order, once.
  const kinds = { all: kindsOf(":context IS NULL"), own: kindsOf("context = :context") };
  const contexts = database.prepare<[number], ContextSize>(
    `SELECT CASE WHEN c.kept_sequence IS NULL THEN c.name END AS context, s.events, s.eventBytes
     FROM (SELECT context, ${sizeColumns} FROM events NOT INDEXED WHERE context > 0 GROUP BY context) AS s
     JOIN contexts AS c ON c.id = s.context ORDER BY s.eventBytes DESC, c.name LIMIT ?`,
  );
  return {
    eventSizes: (context, times) =>
      kinds[context === undefined ? "all" : "own"].all(...times, { context: context ?? null }),
    eventsUpTo: (context, sequence) => upTo.get(context, sequence) ?? { events: 0, eventBytes: 0 },
    contextSizes: (limit) => contexts.all(limit),
  };
}

function readKeySizes(database: Database.Database): Pick<Log, "sizes"> {
  const totals = database.prepare<[number], EventSize>(`SELECT ${sizeColumns} FROM events WHERE context = ?`);
  const keys = database.prepare<[number], Omit<KeySize, "eventBytes">>(
    `SELECT k.scope, k.key, coalesce(max(coalesce(c.bytes, octet_length(c.value))), 0) AS bytes, count(*) AS changes
     FROM key_changes AS k
     LEFT JOIN current_keys AS c ON c.context = k.context AND c.scope = k.scope AND c.key = k.key
     WHERE k.context = ? GROUP BY k.scope, k.key ORDER BY bytes DESC, k.key`,
  );
  const written = database
    .prepare<[number], readonly [scope: string, key: string, bytes: number]>(
      `SELECT effect.value ->> '$.scope', effect.value ->> '$.key', sum(octet_length(effect.value))
       FROM events AS e
       CROSS JOIN json_each(CASE WHEN json_valid(e.payload) THEN e.payload ELSE '{}' END, '$.effects') AS effect
       WHERE e.context = ? GROUP BY 1, 2`,
    )
    .raw();
  return {
    sizes: (context) => {
      const bytes = new Map(written.all(context).map(([scope, key, bytes]) => [`${scope} ${key}`, bytes]));
      return {
        ...(totals.get(context) ?? { events: 0, eventBytes: 0 }),
        keys: keys
          .all(context)
          .map((key) => ({ ...key, eventBytes: bytes.get(`${key.scope} ${key.key}`) ?? 0 })),
      };
    },
  };
}

/** What can be made anew from the events, and the indexes of it. */
const derived: ReadonlySet<string> = new Set([
  "current_keys",
  "key_changes",
  "phases",
  "phases_started",
  "receipts",
]);

function storeSizes(database: Database.Database): StoreSizes {
  const trees = database
    .prepare<[], { name: string; bytes: number }>(
      "SELECT name, pgsize AS bytes FROM dbstat WHERE aggregate = TRUE",
    )
    .all();
  const sum = (isDerived: boolean) =>
    trees
      .filter(({ name }) => derived.has(name) === isDerived)
      .reduce((total, { bytes }) => total + bytes, 0);
  return { ...countPages(database), logBytes: sum(false), derivedBytes: sum(true) };
}

/** What the file takes, and what of that is not in use; costs nothing. */
export function countPages(database: Database.Database): Pick<StoreSizes, "bytes" | "freeBytes"> {
  // Each of these pragmas answers with one number.
  const [bytes, free, pageSize] = ["page_count", "freelist_count", "page_size"].map(
    (name) => database.pragma(name, { simple: true }) as number,
  ) as [number, number, number];
  return { bytes: bytes * pageSize, freeBytes: free * pageSize };
}
