interface Migration {
  readonly tag: string;
  readonly hash: string;
  /** What the schema is once this migration is done: a fingerprint of all that the database defines. */
  readonly schema: string;
  readonly sql: string;
}

/** The migrations in order, embedded by scripts/embed-migrations.ts; never edited by hand. */
export const migrations: readonly Migration[] = [
  {
    tag: "0000_store",
    hash: "4e7a670530aded2af0f0862c84ba59e18bed19dfd24b12c1cd47f3eb9f07d64a",
    schema: "a1d029f3c6bded9d89254838e6b9c02242b1fd52f3b9d86446de3af2a276b859",
    sql: `CREATE TABLE \`contexts\` (
	\`id\` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	\`name\` text NOT NULL,
	\`created_at\` integer NOT NULL,
	\`parent\` integer,
	\`fork_sequence\` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX \`contexts_name_unique\` ON \`contexts\` (\`name\`);--> statement-breakpoint
CREATE TABLE \`current_keys\` (
	\`context\` integer NOT NULL,
	\`scope\` text NOT NULL,
	\`key\` text NOT NULL,
	\`created\` integer NOT NULL,
	\`sequence\` integer NOT NULL,
	\`version\` integer NOT NULL,
	\`changed_at\` integer NOT NULL,
	\`value\` text,
	PRIMARY KEY(\`context\`, \`scope\`, \`key\`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE \`events\` (
	\`position\` integer PRIMARY KEY NOT NULL,
	\`context\` integer NOT NULL,
	\`sequence\` integer NOT NULL,
	\`version\` integer NOT NULL,
	\`type\` text NOT NULL,
	\`payload\` text NOT NULL,
	\`actor\` text,
	\`cause\` text,
	\`phase\` text,
	\`batch\` text,
	\`tags\` text,
	\`idempotency_key\` text,
	\`recorded_at\` integer NOT NULL,
	\`hash\` blob NOT NULL,
	FOREIGN KEY (\`context\`) REFERENCES \`contexts\`(\`id\`) DEFERRABLE INITIALLY DEFERRED
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX \`events_context_sequence\` ON \`events\` (\`context\`,\`sequence\`);--> statement-breakpoint
CREATE TABLE \`key_changes\` (
	\`context\` integer NOT NULL,
	\`scope\` text NOT NULL,
	\`key\` text NOT NULL,
	\`sequence\` integer NOT NULL,
	\`position\` integer NOT NULL,
	\`created\` integer NOT NULL,
	\`operation\` text NOT NULL,
	PRIMARY KEY(\`context\`, \`scope\`, \`key\`, \`sequence\`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE \`migrations_applied\` (
	\`tag\` text PRIMARY KEY NOT NULL,
	\`hash\` text NOT NULL,
	\`applied_at\` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE \`phases\` (
	\`context\` integer NOT NULL,
	\`id\` text NOT NULL,
	\`name\` text NOT NULL,
	\`once\` text,
	\`status\` text NOT NULL,
	\`started_sequence\` integer NOT NULL,
	\`ended_sequence\` integer,
	PRIMARY KEY(\`context\`, \`id\`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX \`phases_started\` ON \`phases\` (\`context\`,\`started_sequence\`);--> statement-breakpoint
CREATE TABLE \`receipts\` (
	\`context\` integer NOT NULL,
	\`idempotency_key\` text NOT NULL,
	\`sequence\` integer NOT NULL,
	\`command\` text NOT NULL,
	\`outcome\` text,
	PRIMARY KEY(\`context\`, \`idempotency_key\`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER \`events_are_never_changed\` BEFORE UPDATE ON \`events\`
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER \`events_leave_with_their_context\` BEFORE DELETE ON \`events\`
WHEN EXISTS (SELECT 1 FROM \`contexts\` WHERE \`id\` = OLD.\`context\`)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER \`events_are_never_replaced\` BEFORE INSERT ON \`events\`
WHEN EXISTS (SELECT 1 FROM \`events\` WHERE \`context\` = NEW.\`context\` AND \`sequence\` = NEW.\`sequence\`)
	OR EXISTS (SELECT 1 FROM \`events\` WHERE \`position\` = NEW.\`position\`)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
-- The store's own stream, which tells of contexts that were deleted or imported.
INSERT INTO \`contexts\` (\`id\`, \`name\`, \`created_at\`) VALUES (0, '', 0);
`,
  },
  {
    tag: "0001_views",
    hash: "28f025ddf75d64dbcb17633f06abfd3d0b291d680562203c8ec0fbf145bacfe9",
    schema: "8578ba68c8955f97d0ea7ae174793116d8ecf4e2c36a3e4bb6b2bdb872566289",
    sql: `-- Views for people with any SQLite tool: names instead of numbers, ISO times, values as JSON.
CREATE VIEW \`context_list\` AS
SELECT
	c.\`name\` AS \`context\`,
	e.\`version\` AS \`version\`,
	e.\`sequence\` AS \`events\`,
	(SELECT count(*) FROM \`current_keys\` AS k WHERE k.\`context\` = c.\`id\` AND k.\`scope\` = 'persistent') AS \`keys\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', c.\`created_at\` / 1000.0, 'unixepoch') AS \`created_at\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`changed_at\`,
	(
		SELECT json_group_object(k.\`key\`, json(k.\`value\`)) FROM \`current_keys\` AS k
		WHERE k.\`context\` = c.\`id\` AND k.\`scope\` = 'metadata'
	) AS \`metadata\`
FROM \`contexts\` AS c
JOIN \`events\` AS e ON e.\`position\` = (
	SELECT h.\`position\` FROM \`events\` AS h WHERE h.\`context\` = c.\`id\` ORDER BY h.\`sequence\` DESC LIMIT 1
)
WHERE c.\`id\` > 0;
--> statement-breakpoint
CREATE VIEW \`current_state\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`value\` AS \`value\`,
	EXISTS (
		SELECT 1 FROM \`current_keys\` AS p
		WHERE p.\`context\` = k.\`context\` AND p.\`scope\` = 'protection' AND p.\`key\` = k.\`key\`
	) AS \`protected\`,
	k.\`version\` AS \`version\`,
	k.\`sequence\` AS \`sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.\`changed_at\` / 1000.0, 'unixepoch') AS \`changed_at\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`
FROM \`contexts\` AS c
CROSS JOIN \`current_keys\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` IN ('persistent', 'ephemeral')
CROSS JOIN \`events\` AS e ON e.\`context\` = k.\`context\` AND e.\`sequence\` = k.\`sequence\`;
--> statement-breakpoint
CREATE VIEW \`change_log\` AS
SELECT
	c.\`name\` AS \`context\`,
	e.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	CASE e.\`type\`
		WHEN 'context_created' THEN 'initialize'
		WHEN 'value_set' THEN 'set'
		WHEN 'value_edited' THEN 'edit'
		WHEN 'value_deleted' THEN 'delete'
		WHEN 'values_updated' THEN 'update'
		WHEN 'values_merged' THEN 'merge'
		WHEN 'phase_finished' THEN 'merge'
		WHEN 'ephemeral_set' THEN 'set_ephemeral'
		WHEN 'ephemeral_cleared' THEN 'clear_ephemeral'
		WHEN 'key_protected' THEN 'protect'
		WHEN 'key_unprotected' THEN 'unprotect'
		WHEN 'snapshot_restored' THEN 'restore'
	END AS \`operation\`,
	json_remove(e.\`payload\` -> '$.details', '$.receipt') AS \`details\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`events\` AS e ON e.\`context\` = c.\`id\` AND e.\`sequence\` >= coalesce(
	(
		SELECT l.\`sequence\` FROM \`events\` AS l WHERE l.\`context\` = c.\`id\` AND (
		l.\`type\` IN (
			'value_set', 'value_edited', 'value_deleted', 'values_updated', 'values_merged', 'ephemeral_set',
			'ephemeral_cleared', 'key_protected', 'key_unprotected', 'snapshot_restored'
		)
		OR (l.\`type\` = 'context_created' AND json_array_length(l.\`payload\`, '$.details.keys') > 0)
		OR (l.\`type\` = 'phase_finished' AND l.\`payload\` ->> '$.details.changes' > 0)
	)
		ORDER BY l.\`sequence\` DESC LIMIT 1 OFFSET 199
	),
	0
)
WHERE c.\`id\` > 0 AND (
		e.\`type\` IN (
			'value_set', 'value_edited', 'value_deleted', 'values_updated', 'values_merged', 'ephemeral_set',
			'ephemeral_cleared', 'key_protected', 'key_unprotected', 'snapshot_restored'
		)
		OR (e.\`type\` = 'context_created' AND json_array_length(e.\`payload\`, '$.details.keys') > 0)
		OR (e.\`type\` = 'phase_finished' AND e.\`payload\` ->> '$.details.changes' > 0)
	);
--> statement-breakpoint
CREATE VIEW \`history\` AS
SELECT
	e.\`position\` AS \`position\`,
	c.\`name\` AS \`context\`,
	e.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	effect.value ->> '$.op' AS \`operation\`,
	effect.value ->> '$.scope' AS \`scope\`,
	effect.value ->> '$.key' AS \`key\`,
	effect.value -> '$.value' AS \`value\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = e.\`context\` AND old.\`scope\` = effect.value ->> '$.scope' AND old.\`key\` = effect.value ->> '$.key'
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = e.\`context\` AND \`scope\` = effect.value ->> '$.scope' AND \`key\` = effect.value ->> '$.key' AND \`sequence\` < e.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = old.\`key\` AND old_effect.value ->> '$.scope' = old.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`,
	json_remove(e.\`payload\` -> '$.details', '$.receipt') AS \`details\`
FROM \`events\` AS e
JOIN \`contexts\` AS c ON c.\`id\` = e.\`context\`
LEFT JOIN json_each(e.\`payload\`, '$.effects') AS effect;
--> statement-breakpoint
-- One term a scope, so that the index of key changes gives each in order and the newest rows cost no sort.
CREATE VIEW \`key_history\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'persistent'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`
UNION ALL
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'ephemeral'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`
UNION ALL
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'protection'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`;
--> statement-breakpoint
CREATE VIEW \`protection_list\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	EXISTS (
		SELECT 1 FROM \`current_keys\` AS v
		WHERE v.\`context\` = k.\`context\` AND v.\`scope\` = 'persistent' AND v.\`key\` = k.\`key\`
	) AS \`has_value\`,
	k.\`sequence\` AS \`sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.\`changed_at\` / 1000.0, 'unixepoch') AS \`protected_at\`,
	e.\`actor\` AS \`actor\`
FROM \`contexts\` AS c
CROSS JOIN \`current_keys\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'protection'
CROSS JOIN \`events\` AS e ON e.\`context\` = k.\`context\` AND e.\`sequence\` = k.\`sequence\`;
--> statement-breakpoint
CREATE VIEW \`snapshot_list\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`snapshot\`,
	k.\`value\` ->> '$.reason' AS \`reason\`,
	k.\`version\` AS \`version\`,
	k.\`sequence\` AS \`sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.\`changed_at\` / 1000.0, 'unixepoch') AS \`taken_at\`,
	k.\`value\` -> '$.metadata' AS \`metadata\`
FROM \`contexts\` AS c
CROSS JOIN \`current_keys\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'snapshot';
--> statement-breakpoint
CREATE VIEW \`phase_list\` AS
SELECT
	c.\`name\` AS \`context\`,
	p.\`id\` AS \`phase\`,
	p.\`name\` AS \`name\`,
	p.\`once\` AS \`once\`,
	p.\`status\` AS \`status\`,
	p.\`started_sequence\` AS \`started_sequence\`,
	p.\`ended_sequence\` AS \`ended_sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', b.\`recorded_at\` / 1000.0, 'unixepoch') AS \`started_at\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`ended_at\`
FROM \`contexts\` AS c
CROSS JOIN \`phases\` AS p ON p.\`context\` = c.\`id\`
CROSS JOIN \`events\` AS b ON b.\`context\` = p.\`context\` AND b.\`sequence\` = p.\`started_sequence\`
LEFT JOIN \`events\` AS e ON e.\`context\` = p.\`context\` AND e.\`sequence\` = p.\`ended_sequence\`;
--> statement-breakpoint
-- A context's history in spans of 1000 events, each with its first and last time: finds the events of a time.
CREATE VIEW \`time_index\` AS
SELECT
	c.\`name\` AS \`context\`,
	first.\`sequence\` AS \`first_sequence\`,
	last.\`sequence\` AS \`last_sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', first.\`recorded_at\` / 1000.0, 'unixepoch') AS \`first_at\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', last.\`recorded_at\` / 1000.0, 'unixepoch') AS \`last_at\`
FROM \`contexts\` AS c
CROSS JOIN json_each((
	WITH RECURSIVE \`span\` (\`start\`, \`head\`) AS (
		SELECT 1, (SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = c.\`id\`)
		UNION ALL
		SELECT \`start\` + 1000, \`head\` FROM \`span\` WHERE \`start\` + 1000 <= \`head\`
	)
	SELECT json_group_array(\`start\`) FROM \`span\`
)) AS span
CROSS JOIN \`events\` AS first ON first.\`context\` = c.\`id\` AND first.\`sequence\` = span.value
CROSS JOIN \`events\` AS last ON last.\`context\` = c.\`id\` AND last.\`sequence\` = min(
	span.value + 999,
	(SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = c.\`id\`)
)
WHERE c.\`id\` > 0;
`,
  },
  {
    tag: "0002_forks",
    hash: "a27a566886943c57abffb02ed87346102f3921373d1d24a52489b2885c8adc7f",
    schema: "5dfc7ea3bfb5fdb3b01a8bcfd23f7d9a83cb3c96e6dab9fdc5edf769b220e079",
    sql: `ALTER TABLE \`contexts\` ADD \`kept_sequence\` integer;--> statement-breakpoint
CREATE INDEX \`contexts_parent\` ON \`contexts\` (\`parent\`);
--> statement-breakpoint
DROP TRIGGER \`events_are_never_changed\`;
--> statement-breakpoint
-- Of an event, nothing may be changed but its payload, and that only while the newest event of its context is
-- an erasure that names it; of a deleted context that is kept for its forks, theirs name it.
CREATE TRIGGER \`events_are_only_erased\` BEFORE UPDATE ON \`events\`
WHEN NEW.\`position\` IS NOT OLD.\`position\` OR NEW.\`context\` IS NOT OLD.\`context\`
	OR NEW.\`sequence\` IS NOT OLD.\`sequence\` OR NEW.\`version\` IS NOT OLD.\`version\` OR NEW.\`type\` IS NOT OLD.\`type\`
	OR NEW.\`actor\` IS NOT OLD.\`actor\` OR NEW.\`cause\` IS NOT OLD.\`cause\` OR NEW.\`phase\` IS NOT OLD.\`phase\`
	OR NEW.\`batch\` IS NOT OLD.\`batch\` OR NEW.\`tags\` IS NOT OLD.\`tags\`
	OR NEW.\`idempotency_key\` IS NOT OLD.\`idempotency_key\` OR NEW.\`recorded_at\` IS NOT OLD.\`recorded_at\`
	OR NEW.\`hash\` IS NOT OLD.\`hash\`
	OR NOT EXISTS (
		SELECT 1 FROM \`contexts\` WHERE \`id\` = OLD.\`context\` AND \`kept_sequence\` IS NOT NULL
		UNION ALL
		SELECT 1 FROM \`events\` AS e
		WHERE e.\`context\` = OLD.\`context\` AND e.\`type\` = 'values_erased'
			AND e.\`sequence\` = (SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = OLD.\`context\`)
			AND e.\`payload\` -> ('$.details.erased."' || OLD.\`sequence\` || '"') IS NOT NULL
	)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
DROP TRIGGER \`events_leave_with_their_context\`;
--> statement-breakpoint
CREATE TRIGGER \`events_leave_with_their_context\` BEFORE DELETE ON \`events\`
WHEN EXISTS (
	SELECT 1 FROM \`contexts\`
	WHERE \`id\` = OLD.\`context\` AND (\`kept_sequence\` IS NULL OR OLD.\`sequence\` <= \`kept_sequence\`)
)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
DROP VIEW \`context_list\`;
--> statement-breakpoint
CREATE VIEW \`context_list\` AS
SELECT
	c.\`name\` AS \`context\`,
	CASE WHEN p.\`kept_sequence\` IS NULL THEN p.\`name\` END AS \`parent\`,
	c.\`fork_sequence\` AS \`fork_sequence\`,
	e.\`version\` AS \`version\`,
	e.\`sequence\` AS \`events\`,
	(SELECT count(*) FROM \`current_keys\` AS k WHERE k.\`context\` = c.\`id\` AND k.\`scope\` = 'persistent') AS \`keys\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', c.\`created_at\` / 1000.0, 'unixepoch') AS \`created_at\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`changed_at\`,
	(
		SELECT json_group_object(k.\`key\`, json(k.\`value\`)) FROM \`current_keys\` AS k
		WHERE k.\`context\` = c.\`id\` AND k.\`scope\` = 'metadata'
	) AS \`metadata\`
FROM \`contexts\` AS c
LEFT JOIN \`contexts\` AS p ON p.\`id\` = c.\`parent\`
JOIN \`events\` AS e ON e.\`position\` = (
	SELECT h.\`position\` FROM \`events\` AS h WHERE h.\`context\` = c.\`id\` ORDER BY h.\`sequence\` DESC LIMIT 1
)
WHERE c.\`id\` > 0 AND c.\`kept_sequence\` IS NULL;
--> statement-breakpoint
DROP VIEW \`current_state\`;
--> statement-breakpoint
-- By the key index, since what a fork inherited was made by events of its ancestors.
CREATE VIEW \`current_state\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`value\` AS \`value\`,
	EXISTS (
		SELECT 1 FROM \`current_keys\` AS p
		WHERE p.\`context\` = k.\`context\` AND p.\`scope\` = 'protection' AND p.\`key\` = k.\`key\`
	) AS \`protected\`,
	k.\`version\` AS \`version\`,
	k.\`sequence\` AS \`sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.\`changed_at\` / 1000.0, 'unixepoch') AS \`changed_at\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`
FROM \`contexts\` AS c
CROSS JOIN \`current_keys\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` IN ('persistent', 'ephemeral')
CROSS JOIN \`key_changes\` AS i ON i.\`context\` = k.\`context\` AND i.\`scope\` = k.\`scope\` AND i.\`key\` = k.\`key\`
	AND i.\`sequence\` = k.\`sequence\`
CROSS JOIN \`events\` AS e ON e.\`position\` = i.\`position\`;
--> statement-breakpoint
DROP VIEW \`protection_list\`;
--> statement-breakpoint
CREATE VIEW \`protection_list\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	EXISTS (
		SELECT 1 FROM \`current_keys\` AS v
		WHERE v.\`context\` = k.\`context\` AND v.\`scope\` = 'persistent' AND v.\`key\` = k.\`key\`
	) AS \`has_value\`,
	k.\`sequence\` AS \`sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.\`changed_at\` / 1000.0, 'unixepoch') AS \`protected_at\`,
	e.\`actor\` AS \`actor\`
FROM \`contexts\` AS c
CROSS JOIN \`current_keys\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'protection'
CROSS JOIN \`key_changes\` AS i ON i.\`context\` = k.\`context\` AND i.\`scope\` = k.\`scope\` AND i.\`key\` = k.\`key\`
	AND i.\`sequence\` = k.\`sequence\`
CROSS JOIN \`events\` AS e ON e.\`position\` = i.\`position\`;
--> statement-breakpoint
DROP VIEW \`change_log\`;
--> statement-breakpoint
CREATE VIEW \`change_log\` AS
SELECT
	c.\`name\` AS \`context\`,
	e.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	CASE e.\`type\`
		WHEN 'context_created' THEN 'initialize'
		WHEN 'context_forked' THEN 'fork'
		WHEN 'value_set' THEN 'set'
		WHEN 'value_edited' THEN 'edit'
		WHEN 'value_deleted' THEN 'delete'
		WHEN 'values_updated' THEN 'update'
		WHEN 'values_merged' THEN 'merge'
		WHEN 'phase_finished' THEN 'merge'
		WHEN 'ephemeral_set' THEN 'set_ephemeral'
		WHEN 'ephemeral_cleared' THEN 'clear_ephemeral'
		WHEN 'key_protected' THEN 'protect'
		WHEN 'key_unprotected' THEN 'unprotect'
		WHEN 'snapshot_restored' THEN 'restore'
		WHEN 'values_erased' THEN 'redact'
	END AS \`operation\`,
	json_remove(e.\`payload\` -> '$.details', '$.receipt') AS \`details\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`events\` AS e ON e.\`context\` = c.\`id\` AND e.\`sequence\` >= coalesce(
	(
		SELECT l.\`sequence\` FROM \`events\` AS l WHERE l.\`context\` = c.\`id\` AND (
		l.\`type\` IN (
			'context_forked', 'value_set', 'value_edited', 'value_deleted', 'values_updated', 'values_merged', 'ephemeral_set',
			'ephemeral_cleared', 'key_protected', 'key_unprotected', 'snapshot_restored', 'values_erased'
		)
		OR (l.\`type\` = 'context_created' AND json_array_length(l.\`payload\`, '$.details.keys') > 0)
		OR (l.\`type\` = 'phase_finished' AND l.\`payload\` ->> '$.details.changes' > 0)
	)
		ORDER BY l.\`sequence\` DESC LIMIT 1 OFFSET 199
	),
	0
)
WHERE c.\`id\` > 0 AND c.\`kept_sequence\` IS NULL AND (
		e.\`type\` IN (
			'context_forked', 'value_set', 'value_edited', 'value_deleted', 'values_updated', 'values_merged', 'ephemeral_set',
			'ephemeral_cleared', 'key_protected', 'key_unprotected', 'snapshot_restored', 'values_erased'
		)
		OR (e.\`type\` = 'context_created' AND json_array_length(e.\`payload\`, '$.details.keys') > 0)
		OR (e.\`type\` = 'phase_finished' AND e.\`payload\` ->> '$.details.changes' > 0)
	);
--> statement-breakpoint
DROP VIEW \`history\`;
--> statement-breakpoint
CREATE VIEW \`history\` AS
SELECT
	e.\`position\` AS \`position\`,
	c.\`name\` AS \`context\`,
	e.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	effect.value ->> '$.op' AS \`operation\`,
	effect.value ->> '$.scope' AS \`scope\`,
	effect.value ->> '$.key' AS \`key\`,
	effect.value -> '$.value' AS \`value\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = e.\`context\` AND old.\`scope\` = effect.value ->> '$.scope' AND old.\`key\` = effect.value ->> '$.key'
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = e.\`context\` AND \`scope\` = effect.value ->> '$.scope' AND \`key\` = effect.value ->> '$.key' AND \`sequence\` < e.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = old.\`key\` AND old_effect.value ->> '$.scope' = old.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`,
	json_remove(e.\`payload\` -> '$.details', '$.receipt') AS \`details\`
FROM \`events\` AS e
JOIN \`contexts\` AS c ON c.\`id\` = e.\`context\`
LEFT JOIN json_each(e.\`payload\`, '$.effects') AS effect
WHERE c.\`kept_sequence\` IS NULL;
--> statement-breakpoint
DROP VIEW \`key_history\`;
--> statement-breakpoint
-- One term a scope, so that the index of key changes gives each in order and the newest rows cost no sort.
CREATE VIEW \`key_history\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'persistent'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`
WHERE c.\`kept_sequence\` IS NULL
UNION ALL
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'ephemeral'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`
WHERE c.\`kept_sequence\` IS NULL
UNION ALL
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'protection'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`
WHERE c.\`kept_sequence\` IS NULL;
--> statement-breakpoint
DROP VIEW \`time_index\`;
--> statement-breakpoint
-- A context's own history in spans of 1000 events, each with its first and last time: finds the events of a time.
CREATE VIEW \`time_index\` AS
SELECT
	c.\`name\` AS \`context\`,
	first.\`sequence\` AS \`first_sequence\`,
	last.\`sequence\` AS \`last_sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', first.\`recorded_at\` / 1000.0, 'unixepoch') AS \`first_at\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', last.\`recorded_at\` / 1000.0, 'unixepoch') AS \`last_at\`
FROM \`contexts\` AS c
CROSS JOIN json_each((
	WITH RECURSIVE \`span\` (\`start\`, \`head\`) AS (
		SELECT coalesce(c.\`fork_sequence\`, 0) + 1, (SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = c.\`id\`)
		UNION ALL
		SELECT \`start\` + 1000, \`head\` FROM \`span\` WHERE \`start\` + 1000 <= \`head\`
	)
	SELECT json_group_array(\`start\`) FROM \`span\`
)) AS span
CROSS JOIN \`events\` AS first ON first.\`context\` = c.\`id\` AND first.\`sequence\` = span.value
CROSS JOIN \`events\` AS last ON last.\`context\` = c.\`id\` AND last.\`sequence\` = min(
	span.value + 999,
	(SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = c.\`id\`)
)
WHERE c.\`id\` > 0 AND c.\`kept_sequence\` IS NULL;
--> statement-breakpoint
-- Whose events a context's history is made of: its own (distance 0), and those of its ancestors up to each fork.
CREATE VIEW \`lineage\` AS
WITH RECURSIVE \`line\` (\`context\`, \`ancestor\`, \`distance\`, \`last\`) AS (
	SELECT \`id\`, \`id\`, 0, (SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = c.\`id\`)
	FROM \`contexts\` AS c WHERE \`id\` > 0 AND \`kept_sequence\` IS NULL
	UNION ALL
	SELECT l.\`context\`, c.\`parent\`, l.\`distance\` + 1, c.\`fork_sequence\`
	FROM \`line\` AS l JOIN \`contexts\` AS c ON c.\`id\` = l.\`ancestor\`
	WHERE c.\`parent\` < c.\`id\`
)
SELECT
	c.\`name\` AS \`context\`,
	CASE WHEN a.\`kept_sequence\` IS NULL THEN a.\`name\` END AS \`ancestor\`,
	l.\`distance\` AS \`distance\`,
	coalesce(a.\`fork_sequence\`, 0) + 1 AS \`first_sequence\`,
	l.\`last\` AS \`last_sequence\`
FROM \`line\` AS l
JOIN \`contexts\` AS c ON c.\`id\` = l.\`context\`
JOIN \`contexts\` AS a ON a.\`id\` = l.\`ancestor\`;
`,
  },
  {
    tag: "0003_cursors",
    hash: "bf2d1f2745f65660e31463b90e502c83e20ed3203fd6f2421e96546a575199dd",
    schema: "8eb22c1dca0195e8373a23561da1b70f880233e2816a746d7a1188839b185b9d",
    sql: `CREATE TABLE \`cursors\` (
	\`context\` integer NOT NULL,
	\`name\` text NOT NULL,
	\`sequence\` integer NOT NULL,
	\`hash\` blob NOT NULL,
	\`value\` text NOT NULL,
	\`updated_at\` integer NOT NULL,
	PRIMARY KEY(\`context\`, \`name\`)
) STRICT, WITHOUT ROWID;
`,
  },
  {
    tag: "0004_row_checks",
    hash: "aff2fc1610bf634c39b9483d19d89ba2265d52ef8bf85815c1a3e4e3e33ac421",
    schema: "378f7887ab75249ac983d4956842455155b54be55236e64896fb055f02e1f0dc",
    sql: `ALTER TABLE \`contexts\` ADD \`row_check\` integer;--> statement-breakpoint
ALTER TABLE \`current_keys\` ADD \`row_check\` integer;--> statement-breakpoint
ALTER TABLE \`cursors\` ADD \`row_check\` integer;--> statement-breakpoint
ALTER TABLE \`events\` ADD \`row_check\` integer;--> statement-breakpoint
ALTER TABLE \`events\` ADD \`payload_check\` integer;--> statement-breakpoint
ALTER TABLE \`events\` ADD \`keys_check\` integer;--> statement-breakpoint
ALTER TABLE \`events\` ADD \`marks_check\` integer;--> statement-breakpoint
ALTER TABLE \`key_changes\` ADD \`row_check\` integer;--> statement-breakpoint
ALTER TABLE \`phases\` ADD \`row_check\` integer;--> statement-breakpoint
ALTER TABLE \`receipts\` ADD \`row_check\` integer;
--> statement-breakpoint
DROP TRIGGER \`events_are_only_erased\`;
--> statement-breakpoint
-- As before, and the checksums of what is present after an event are derived: a rebuild makes them anew.
CREATE TRIGGER \`events_are_only_erased\` BEFORE UPDATE ON \`events\`
WHEN NEW.\`position\` IS NOT OLD.\`position\` OR NEW.\`context\` IS NOT OLD.\`context\`
	OR NEW.\`sequence\` IS NOT OLD.\`sequence\` OR NEW.\`version\` IS NOT OLD.\`version\` OR NEW.\`type\` IS NOT OLD.\`type\`
	OR NEW.\`actor\` IS NOT OLD.\`actor\` OR NEW.\`cause\` IS NOT OLD.\`cause\` OR NEW.\`phase\` IS NOT OLD.\`phase\`
	OR NEW.\`batch\` IS NOT OLD.\`batch\` OR NEW.\`tags\` IS NOT OLD.\`tags\`
	OR NEW.\`idempotency_key\` IS NOT OLD.\`idempotency_key\` OR NEW.\`recorded_at\` IS NOT OLD.\`recorded_at\`
	OR NEW.\`hash\` IS NOT OLD.\`hash\` OR NEW.\`row_check\` IS NOT OLD.\`row_check\`
	OR (
		(
			NEW.\`payload\` IS NOT OLD.\`payload\` OR NEW.\`payload_check\` IS NOT OLD.\`payload_check\`
			OR (NEW.\`keys_check\` IS OLD.\`keys_check\` AND NEW.\`marks_check\` IS OLD.\`marks_check\`)
		)
		AND NOT EXISTS (
			SELECT 1 FROM \`contexts\` WHERE \`id\` = OLD.\`context\` AND \`kept_sequence\` IS NOT NULL
			UNION ALL
			SELECT 1 FROM \`events\` AS e
			WHERE e.\`context\` = OLD.\`context\` AND e.\`type\` = 'values_erased'
				AND e.\`sequence\` = (SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = OLD.\`context\`)
				AND e.\`payload\` -> ('$.details.erased."' || OLD.\`sequence\` || '"') IS NOT NULL
		)
	)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
`,
  },
  {
    tag: "0005_patches",
    hash: "642bb506c081e8f20c74b87318339fe5dab30dd9b59bec1aedfe75d54a742324",
    schema: "a3c211aa5e695a9425f878cf16bc5b51651f3efe4d47a8d824caf6779bb52ee6",
    sql: `ALTER TABLE \`current_keys\` ADD \`bytes\` integer;
--> statement-breakpoint
DROP VIEW \`current_state\`;
--> statement-breakpoint
-- A large value is read out of its event; it is null where only what changed of it stands there.
-- By the key index, since what a fork inherited was made by events of its ancestors.
CREATE VIEW \`current_state\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	coalesce(k.\`value\`, (
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	)) AS \`value\`,
	coalesce(k.\`bytes\`, length(CAST(k.\`value\` AS BLOB))) AS \`bytes\`,
	EXISTS (
		SELECT 1 FROM \`current_keys\` AS p
		WHERE p.\`context\` = k.\`context\` AND p.\`scope\` = 'protection' AND p.\`key\` = k.\`key\`
	) AS \`protected\`,
	k.\`version\` AS \`version\`,
	k.\`sequence\` AS \`sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.\`changed_at\` / 1000.0, 'unixepoch') AS \`changed_at\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`
FROM \`contexts\` AS c
CROSS JOIN \`current_keys\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` IN ('persistent', 'ephemeral')
CROSS JOIN \`key_changes\` AS i ON i.\`context\` = k.\`context\` AND i.\`scope\` = k.\`scope\` AND i.\`key\` = k.\`key\`
	AND i.\`sequence\` = k.\`sequence\`
CROSS JOIN \`events\` AS e ON e.\`position\` = i.\`position\`;
--> statement-breakpoint
DROP VIEW \`history\`;
--> statement-breakpoint
-- Where an event has only what changed of a value, that is its patch, and the value is null.
CREATE VIEW \`history\` AS
SELECT
	e.\`position\` AS \`position\`,
	c.\`name\` AS \`context\`,
	e.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	replace(effect.value ->> '$.op', 'patch', 'set') AS \`operation\`,
	effect.value ->> '$.scope' AS \`scope\`,
	effect.value ->> '$.key' AS \`key\`,
	effect.value -> '$.value' AS \`value\`,
	effect.value -> '$.patch' AS \`patch\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = e.\`context\` AND old.\`scope\` = effect.value ->> '$.scope' AND old.\`key\` = effect.value ->> '$.key'
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = e.\`context\` AND \`scope\` = effect.value ->> '$.scope' AND \`key\` = effect.value ->> '$.key' AND \`sequence\` < e.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = old.\`key\` AND old_effect.value ->> '$.scope' = old.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`,
	json_remove(e.\`payload\` -> '$.details', '$.receipt') AS \`details\`
FROM \`events\` AS e
JOIN \`contexts\` AS c ON c.\`id\` = e.\`context\`
LEFT JOIN json_each(e.\`payload\`, '$.effects') AS effect
WHERE c.\`kept_sequence\` IS NULL;
--> statement-breakpoint
DROP VIEW \`key_history\`;
--> statement-breakpoint
-- One term a scope, so that the index of key changes gives each in order and the newest rows cost no sort.
CREATE VIEW \`key_history\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT effect.value -> '$.patch' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`patch\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'persistent'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`
WHERE c.\`kept_sequence\` IS NULL
UNION ALL
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT effect.value -> '$.patch' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`patch\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'ephemeral'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`
WHERE c.\`kept_sequence\` IS NULL
UNION ALL
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`key\`,
	k.\`scope\` AS \`scope\`,
	k.\`position\` AS \`position\`,
	k.\`sequence\` AS \`sequence\`,
	e.\`version\` AS \`version\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.\`recorded_at\` / 1000.0, 'unixepoch') AS \`at\`,
	e.\`type\` AS \`type\`,
	k.\`operation\` AS \`operation\`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`value\`,
	(
		SELECT effect.value -> '$.patch' FROM json_each(e.\`payload\`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.\`key\` AND effect.value ->> '$.scope' = k.\`scope\`
	) AS \`patch\`,
	(
		SELECT old_effect.value -> '$.value'
		FROM \`key_changes\` AS old
		CROSS JOIN \`events\` AS old_event ON old_event.\`position\` = old.\`position\`
		CROSS JOIN json_each(old_event.\`payload\`, '$.effects') AS old_effect
		WHERE old.\`context\` = k.\`context\` AND old.\`scope\` = k.\`scope\` AND old.\`key\` = k.\`key\`
			AND old.\`sequence\` = (
				SELECT max(\`sequence\`) FROM \`key_changes\`
				WHERE \`context\` = k.\`context\` AND \`scope\` = k.\`scope\` AND \`key\` = k.\`key\` AND \`sequence\` < k.\`sequence\`
			)
			AND old_effect.value ->> '$.key' = k.\`key\` AND old_effect.value ->> '$.scope' = k.\`scope\`
	) AS \`previous_value\`,
	e.\`actor\` AS \`actor\`,
	e.\`cause\` AS \`cause\`,
	e.\`phase\` AS \`phase\`,
	e.\`batch\` AS \`batch\`
FROM \`contexts\` AS c
CROSS JOIN \`key_changes\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'protection'
CROSS JOIN \`events\` AS e ON e.\`position\` = k.\`position\`
WHERE c.\`kept_sequence\` IS NULL;
`,
  },
  {
    tag: "0007_retention",
    hash: "302d055f74d7a5926075431c31c52228cfb135daa2d824b9705ea712951baee9",
    schema: "63598e44ecdc8993608fa4b15b88358a0629bb11e27f0da6946afe99c38b514a",
    sql: `DROP TRIGGER \`events_are_only_erased\`;
--> statement-breakpoint
-- As before, and an event that clears or deletes ephemeral keys erases the values that they had.
CREATE TRIGGER \`events_are_only_erased\` BEFORE UPDATE ON \`events\`
WHEN NEW.\`position\` IS NOT OLD.\`position\` OR NEW.\`context\` IS NOT OLD.\`context\`
	OR NEW.\`sequence\` IS NOT OLD.\`sequence\` OR NEW.\`version\` IS NOT OLD.\`version\` OR NEW.\`type\` IS NOT OLD.\`type\`
	OR NEW.\`actor\` IS NOT OLD.\`actor\` OR NEW.\`cause\` IS NOT OLD.\`cause\` OR NEW.\`phase\` IS NOT OLD.\`phase\`
	OR NEW.\`batch\` IS NOT OLD.\`batch\` OR NEW.\`tags\` IS NOT OLD.\`tags\`
	OR NEW.\`idempotency_key\` IS NOT OLD.\`idempotency_key\` OR NEW.\`recorded_at\` IS NOT OLD.\`recorded_at\`
	OR NEW.\`hash\` IS NOT OLD.\`hash\` OR NEW.\`row_check\` IS NOT OLD.\`row_check\`
	OR (
		(
			NEW.\`payload\` IS NOT OLD.\`payload\` OR NEW.\`payload_check\` IS NOT OLD.\`payload_check\`
			OR (NEW.\`keys_check\` IS OLD.\`keys_check\` AND NEW.\`marks_check\` IS OLD.\`marks_check\`)
		)
		AND NOT EXISTS (
			SELECT 1 FROM \`contexts\` WHERE \`id\` = OLD.\`context\` AND \`kept_sequence\` IS NOT NULL
			UNION ALL
			SELECT 1 FROM \`events\` AS e
			WHERE e.\`context\` = OLD.\`context\`
				AND e.\`sequence\` = (SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = OLD.\`context\`)
				AND CASE e.\`type\`
					WHEN 'values_erased' THEN e.\`payload\` -> ('$.details.erased."' || OLD.\`sequence\` || '"') IS NOT NULL
					WHEN 'ephemeral_cleared' THEN instr(OLD.\`payload\`, '"scope":"ephemeral"') > 0
					WHEN 'value_deleted' THEN instr(OLD.\`payload\`, '"scope":"ephemeral"') > 0
				END
		)
	)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
DROP VIEW \`snapshot_list\`;
--> statement-breakpoint
CREATE VIEW \`snapshot_list\` AS
SELECT
	c.\`name\` AS \`context\`,
	k.\`key\` AS \`snapshot\`,
	k.\`value\` ->> '$.reason' AS \`reason\`,
	k.\`version\` AS \`version\`,
	k.\`sequence\` AS \`sequence\`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.\`changed_at\` / 1000.0, 'unixepoch') AS \`taken_at\`,
	EXISTS (
		SELECT 1 FROM \`current_keys\` AS p
		WHERE p.\`context\` = k.\`context\` AND p.\`scope\` = 'pin' AND p.\`key\` = k.\`key\`
	) AS \`pinned\`,
	k.\`value\` ->> '$.bytes' AS \`bytes\`,
	k.\`value\` -> '$.metadata' AS \`metadata\`
FROM \`contexts\` AS c
CROSS JOIN \`current_keys\` AS k ON k.\`context\` = c.\`id\` AND k.\`scope\` = 'snapshot';
`,
  },
  {
    tag: "0008_prune",
    hash: "24b2016353795efd7bc98493b7447bb6cf97588a4942c707692eddcfec8f216b",
    schema: "ac049c9b9b2ddfb183f3cd4090be4ba996846f3f4dd31a7324b1cde816cd0a2f",
    sql: `ALTER TABLE \`contexts\` ADD \`floor_sequence\` integer;--> statement-breakpoint
ALTER TABLE \`contexts\` ADD \`floor_position\` integer;--> statement-breakpoint
CREATE INDEX \`contexts_floor\` ON \`contexts\` (\`floor_position\`) WHERE floor_position IS NOT NULL;
--> statement-breakpoint
DROP TRIGGER \`events_are_only_erased\`;
--> statement-breakpoint
-- As before, and of an event up to the floor of its context, the payload may be reduced to what stands by it.
CREATE TRIGGER \`events_are_only_erased\` BEFORE UPDATE ON \`events\`
WHEN NEW.\`position\` IS NOT OLD.\`position\` OR NEW.\`context\` IS NOT OLD.\`context\`
	OR NEW.\`sequence\` IS NOT OLD.\`sequence\` OR NEW.\`version\` IS NOT OLD.\`version\` OR NEW.\`type\` IS NOT OLD.\`type\`
	OR NEW.\`actor\` IS NOT OLD.\`actor\` OR NEW.\`cause\` IS NOT OLD.\`cause\` OR NEW.\`phase\` IS NOT OLD.\`phase\`
	OR NEW.\`batch\` IS NOT OLD.\`batch\` OR NEW.\`tags\` IS NOT OLD.\`tags\`
	OR NEW.\`idempotency_key\` IS NOT OLD.\`idempotency_key\` OR NEW.\`recorded_at\` IS NOT OLD.\`recorded_at\`
	OR NEW.\`hash\` IS NOT OLD.\`hash\` OR NEW.\`row_check\` IS NOT OLD.\`row_check\`
	OR (
		(
			NEW.\`payload\` IS NOT OLD.\`payload\` OR NEW.\`payload_check\` IS NOT OLD.\`payload_check\`
			OR (NEW.\`keys_check\` IS OLD.\`keys_check\` AND NEW.\`marks_check\` IS OLD.\`marks_check\`)
		)
		AND NOT EXISTS (
			SELECT 1 FROM \`contexts\`
			WHERE \`id\` = OLD.\`context\` AND (\`kept_sequence\` IS NOT NULL OR \`floor_sequence\` >= OLD.\`sequence\`)
			UNION ALL
			SELECT 1 FROM \`events\` AS e
			WHERE e.\`context\` = OLD.\`context\`
				AND e.\`sequence\` = (SELECT max(\`sequence\`) FROM \`events\` WHERE \`context\` = OLD.\`context\`)
				AND CASE e.\`type\`
					WHEN 'values_erased' THEN e.\`payload\` -> ('$.details.erased."' || OLD.\`sequence\` || '"') IS NOT NULL
					WHEN 'ephemeral_cleared' THEN instr(OLD.\`payload\`, '"scope":"ephemeral"') > 0
					WHEN 'value_deleted' THEN instr(OLD.\`payload\`, '"scope":"ephemeral"') > 0
				END
		)
	)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
DROP TRIGGER \`events_leave_with_their_context\`;
--> statement-breakpoint
-- As before, and what lies below the floor of a context may go.
CREATE TRIGGER \`events_leave_with_their_context\` BEFORE DELETE ON \`events\`
WHEN EXISTS (
	SELECT 1 FROM \`contexts\`
	WHERE \`id\` = OLD.\`context\` AND (\`kept_sequence\` IS NULL OR OLD.\`sequence\` <= \`kept_sequence\`)
		AND (\`floor_sequence\` IS NULL OR OLD.\`sequence\` >= \`floor_sequence\`)
)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
`,
  },
];
