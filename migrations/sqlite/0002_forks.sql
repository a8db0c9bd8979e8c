ALTER TABLE `contexts` ADD `kept_sequence` integer;--> statement-breakpoint
CREATE INDEX `contexts_parent` ON `contexts` (`parent`);
--> statement-breakpoint
DROP TRIGGER `events_are_never_changed`;
--> statement-breakpoint
-- Of an event, nothing may be changed but its payload, and that only while the newest event of its context is
-- an erasure that names it; of a deleted context that is kept for its forks, theirs name it.
CREATE TRIGGER `events_are_only_erased` BEFORE UPDATE ON `events`
WHEN NEW.`position` IS NOT OLD.`position` OR NEW.`context` IS NOT OLD.`context`
	OR NEW.`sequence` IS NOT OLD.`sequence` OR NEW.`version` IS NOT OLD.`version` OR NEW.`type` IS NOT OLD.`type`
	OR NEW.`actor` IS NOT OLD.`actor` OR NEW.`cause` IS NOT OLD.`cause` OR NEW.`phase` IS NOT OLD.`phase`
	OR NEW.`batch` IS NOT OLD.`batch` OR NEW.`tags` IS NOT OLD.`tags`
	OR NEW.`idempotency_key` IS NOT OLD.`idempotency_key` OR NEW.`recorded_at` IS NOT OLD.`recorded_at`
	OR NEW.`hash` IS NOT OLD.`hash`
	OR NOT EXISTS (
		SELECT 1 FROM `contexts` WHERE `id` = OLD.`context` AND `kept_sequence` IS NOT NULL
		UNION ALL
		SELECT 1 FROM `events` AS e
		WHERE e.`context` = OLD.`context` AND e.`type` = 'values_erased'
			AND e.`sequence` = (SELECT max(`sequence`) FROM `events` WHERE `context` = OLD.`context`)
			AND e.`payload` -> ('$.details.erased."' || OLD.`sequence` || '"') IS NOT NULL
	)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
DROP TRIGGER `events_leave_with_their_context`;
--> statement-breakpoint
CREATE TRIGGER `events_leave_with_their_context` BEFORE DELETE ON `events`
WHEN EXISTS (
	SELECT 1 FROM `contexts`
	WHERE `id` = OLD.`context` AND (`kept_sequence` IS NULL OR OLD.`sequence` <= `kept_sequence`)
)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
DROP VIEW `context_list`;
--> statement-breakpoint
CREATE VIEW `context_list` AS
SELECT
	c.`name` AS `context`,
	CASE WHEN p.`kept_sequence` IS NULL THEN p.`name` END AS `parent`,
	c.`fork_sequence` AS `fork_sequence`,
	e.`version` AS `version`,
	e.`sequence` AS `events`,
	(SELECT count(*) FROM `current_keys` AS k WHERE k.`context` = c.`id` AND k.`scope` = 'persistent') AS `keys`,
	strftime('%Y-%m-%dT%H:%M:%fZ', c.`created_at` / 1000.0, 'unixepoch') AS `created_at`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `changed_at`,
	(
		SELECT json_group_object(k.`key`, json(k.`value`)) FROM `current_keys` AS k
		WHERE k.`context` = c.`id` AND k.`scope` = 'metadata'
	) AS `metadata`
FROM `contexts` AS c
LEFT JOIN `contexts` AS p ON p.`id` = c.`parent`
JOIN `events` AS e ON e.`position` = (
	SELECT h.`position` FROM `events` AS h WHERE h.`context` = c.`id` ORDER BY h.`sequence` DESC LIMIT 1
)
WHERE c.`id` > 0 AND c.`kept_sequence` IS NULL;
--> statement-breakpoint
DROP VIEW `current_state`;
--> statement-breakpoint
-- By the key index, since what a fork inherited was made by events of its ancestors.
CREATE VIEW `current_state` AS
SELECT
	c.`name` AS `context`,
	k.`key` AS `key`,
	k.`scope` AS `scope`,
	k.`value` AS `value`,
	EXISTS (
		SELECT 1 FROM `current_keys` AS p
		WHERE p.`context` = k.`context` AND p.`scope` = 'protection' AND p.`key` = k.`key`
	) AS `protected`,
	k.`version` AS `version`,
	k.`sequence` AS `sequence`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.`changed_at` / 1000.0, 'unixepoch') AS `changed_at`,
	e.`actor` AS `actor`,
	e.`cause` AS `cause`,
	e.`phase` AS `phase`
FROM `contexts` AS c
CROSS JOIN `current_keys` AS k ON k.`context` = c.`id` AND k.`scope` IN ('persistent', 'ephemeral')
CROSS JOIN `key_changes` AS i ON i.`context` = k.`context` AND i.`scope` = k.`scope` AND i.`key` = k.`key`
	AND i.`sequence` = k.`sequence`
CROSS JOIN `events` AS e ON e.`position` = i.`position`;
--> statement-breakpoint
DROP VIEW `protection_list`;
--> statement-breakpoint
CREATE VIEW `protection_list` AS
SELECT
	c.`name` AS `context`,
	k.`key` AS `key`,
	EXISTS (
		SELECT 1 FROM `current_keys` AS v
		WHERE v.`context` = k.`context` AND v.`scope` = 'persistent' AND v.`key` = k.`key`
	) AS `has_value`,
	k.`sequence` AS `sequence`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.`changed_at` / 1000.0, 'unixepoch') AS `protected_at`,
	e.`actor` AS `actor`
FROM `contexts` AS c
CROSS JOIN `current_keys` AS k ON k.`context` = c.`id` AND k.`scope` = 'protection'
CROSS JOIN `key_changes` AS i ON i.`context` = k.`context` AND i.`scope` = k.`scope` AND i.`key` = k.`key`
	AND i.`sequence` = k.`sequence`
CROSS JOIN `events` AS e ON e.`position` = i.`position`;
--> statement-breakpoint
DROP VIEW `change_log`;
--> statement-breakpoint
CREATE VIEW `change_log` AS
SELECT
	c.`name` AS `context`,
	e.`sequence` AS `sequence`,
	e.`version` AS `version`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `at`,
	CASE e.`type`
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
	END AS `operation`,
	json_remove(e.`payload` -> '$.details', '$.receipt') AS `details`,
	e.`actor` AS `actor`,
	e.`cause` AS `cause`,
	e.`phase` AS `phase`,
	e.`batch` AS `batch`
FROM `contexts` AS c
CROSS JOIN `events` AS e ON e.`context` = c.`id` AND e.`sequence` >= coalesce(
	(
		SELECT l.`sequence` FROM `events` AS l WHERE l.`context` = c.`id` AND (
		l.`type` IN (
			'context_forked', 'value_set', 'value_edited', 'value_deleted', 'values_updated', 'values_merged', 'ephemeral_set',
			'ephemeral_cleared', 'key_protected', 'key_unprotected', 'snapshot_restored', 'values_erased'
		)
		OR (l.`type` = 'context_created' AND json_array_length(l.`payload`, '$.details.keys') > 0)
		OR (l.`type` = 'phase_finished' AND l.`payload` ->> '$.details.changes' > 0)
	)
		ORDER BY l.`sequence` DESC LIMIT 1 OFFSET 199
	),
	0
)
WHERE c.`id` > 0 AND c.`kept_sequence` IS NULL AND (
		e.`type` IN (
			'context_forked', 'value_set', 'value_edited', 'value_deleted', 'values_updated', 'values_merged', 'ephemeral_set',
			'ephemeral_cleared', 'key_protected', 'key_unprotected', 'snapshot_restored', 'values_erased'
		)
		OR (e.`type` = 'context_created' AND json_array_length(e.`payload`, '$.details.keys') > 0)
		OR (e.`type` = 'phase_finished' AND e.`payload` ->> '$.details.changes' > 0)
	);
--> statement-breakpoint
DROP VIEW `history`;
--> statement-breakpoint
CREATE VIEW `history` AS
SELECT
	e.`position` AS `position`,
	c.`name` AS `context`,
	e.`sequence` AS `sequence`,
	e.`version` AS `version`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `at`,
	e.`type` AS `type`,
	effect.value ->> '$.op' AS `operation`,
	effect.value ->> '$.scope' AS `scope`,
	effect.value ->> '$.key' AS `key`,
	effect.value -> '$.value' AS `value`,
	(
		SELECT old_effect.value -> '$.value'
		FROM `key_changes` AS old
		JOIN `events` AS old_event ON old_event.`position` = old.`position`
		JOIN json_each(old_event.`payload`, '$.effects') AS old_effect
		WHERE old.`context` = e.`context` AND old.`scope` = effect.value ->> '$.scope' AND old.`key` = effect.value ->> '$.key'
			AND old.`sequence` = (
				SELECT max(`sequence`) FROM `key_changes`
				WHERE `context` = e.`context` AND `scope` = effect.value ->> '$.scope' AND `key` = effect.value ->> '$.key' AND `sequence` < e.`sequence`
			)
			AND old_effect.value ->> '$.key' = old.`key` AND old_effect.value ->> '$.scope' = old.`scope`
	) AS `previous_value`,
	e.`actor` AS `actor`,
	e.`cause` AS `cause`,
	e.`phase` AS `phase`,
	e.`batch` AS `batch`,
	json_remove(e.`payload` -> '$.details', '$.receipt') AS `details`
FROM `events` AS e
JOIN `contexts` AS c ON c.`id` = e.`context`
LEFT JOIN json_each(e.`payload`, '$.effects') AS effect
WHERE c.`kept_sequence` IS NULL;
--> statement-breakpoint
DROP VIEW `key_history`;
--> statement-breakpoint
-- One term a scope, so that the index of key changes gives each in order and the newest rows cost no sort.
CREATE VIEW `key_history` AS
SELECT
	c.`name` AS `context`,
	k.`key` AS `key`,
	k.`scope` AS `scope`,
	k.`position` AS `position`,
	k.`sequence` AS `sequence`,
	e.`version` AS `version`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `at`,
	e.`type` AS `type`,
	k.`operation` AS `operation`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.`payload`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.`key` AND effect.value ->> '$.scope' = k.`scope`
	) AS `value`,
	(
		SELECT old_effect.value -> '$.value'
		FROM `key_changes` AS old
		CROSS JOIN `events` AS old_event ON old_event.`position` = old.`position`
		CROSS JOIN json_each(old_event.`payload`, '$.effects') AS old_effect
		WHERE old.`context` = k.`context` AND old.`scope` = k.`scope` AND old.`key` = k.`key`
			AND old.`sequence` = (
				SELECT max(`sequence`) FROM `key_changes`
				WHERE `context` = k.`context` AND `scope` = k.`scope` AND `key` = k.`key` AND `sequence` < k.`sequence`
			)
			AND old_effect.value ->> '$.key' = k.`key` AND old_effect.value ->> '$.scope' = k.`scope`
	) AS `previous_value`,
	e.`actor` AS `actor`,
	e.`cause` AS `cause`,
	e.`phase` AS `phase`,
	e.`batch` AS `batch`
FROM `contexts` AS c
CROSS JOIN `key_changes` AS k ON k.`context` = c.`id` AND k.`scope` = 'persistent'
CROSS JOIN `events` AS e ON e.`position` = k.`position`
WHERE c.`kept_sequence` IS NULL
UNION ALL
SELECT
	c.`name` AS `context`,
	k.`key` AS `key`,
	k.`scope` AS `scope`,
	k.`position` AS `position`,
	k.`sequence` AS `sequence`,
	e.`version` AS `version`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `at`,
	e.`type` AS `type`,
	k.`operation` AS `operation`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.`payload`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.`key` AND effect.value ->> '$.scope' = k.`scope`
	) AS `value`,
	(
		SELECT old_effect.value -> '$.value'
		FROM `key_changes` AS old
		CROSS JOIN `events` AS old_event ON old_event.`position` = old.`position`
		CROSS JOIN json_each(old_event.`payload`, '$.effects') AS old_effect
		WHERE old.`context` = k.`context` AND old.`scope` = k.`scope` AND old.`key` = k.`key`
			AND old.`sequence` = (
				SELECT max(`sequence`) FROM `key_changes`
				WHERE `context` = k.`context` AND `scope` = k.`scope` AND `key` = k.`key` AND `sequence` < k.`sequence`
			)
			AND old_effect.value ->> '$.key' = k.`key` AND old_effect.value ->> '$.scope' = k.`scope`
	) AS `previous_value`,
	e.`actor` AS `actor`,
	e.`cause` AS `cause`,
	e.`phase` AS `phase`,
	e.`batch` AS `batch`
FROM `contexts` AS c
CROSS JOIN `key_changes` AS k ON k.`context` = c.`id` AND k.`scope` = 'ephemeral'
CROSS JOIN `events` AS e ON e.`position` = k.`position`
WHERE c.`kept_sequence` IS NULL
UNION ALL
SELECT
	c.`name` AS `context`,
	k.`key` AS `key`,
	k.`scope` AS `scope`,
	k.`position` AS `position`,
	k.`sequence` AS `sequence`,
	e.`version` AS `version`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `at`,
	e.`type` AS `type`,
	k.`operation` AS `operation`,
	(
		SELECT effect.value -> '$.value' FROM json_each(e.`payload`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.`key` AND effect.value ->> '$.scope' = k.`scope`
	) AS `value`,
	(
		SELECT old_effect.value -> '$.value'
		FROM `key_changes` AS old
		CROSS JOIN `events` AS old_event ON old_event.`position` = old.`position`
		CROSS JOIN json_each(old_event.`payload`, '$.effects') AS old_effect
		WHERE old.`context` = k.`context` AND old.`scope` = k.`scope` AND old.`key` = k.`key`
			AND old.`sequence` = (
				SELECT max(`sequence`) FROM `key_changes`
				WHERE `context` = k.`context` AND `scope` = k.`scope` AND `key` = k.`key` AND `sequence` < k.`sequence`
			)
			AND old_effect.value ->> '$.key' = k.`key` AND old_effect.value ->> '$.scope' = k.`scope`
	) AS `previous_value`,
	e.`actor` AS `actor`,
	e.`cause` AS `cause`,
	e.`phase` AS `phase`,
	e.`batch` AS `batch`
FROM `contexts` AS c
CROSS JOIN `key_changes` AS k ON k.`context` = c.`id` AND k.`scope` = 'protection'
CROSS JOIN `events` AS e ON e.`position` = k.`position`
WHERE c.`kept_sequence` IS NULL;
--> statement-breakpoint
DROP VIEW `time_index`;
--> statement-breakpoint
-- A context's own history in spans of 1000 events, each with its first and last time: finds the events of a time.
CREATE VIEW `time_index` AS
SELECT
	c.`name` AS `context`,
	first.`sequence` AS `first_sequence`,
	last.`sequence` AS `last_sequence`,
	strftime('%Y-%m-%dT%H:%M:%fZ', first.`recorded_at` / 1000.0, 'unixepoch') AS `first_at`,
	strftime('%Y-%m-%dT%H:%M:%fZ', last.`recorded_at` / 1000.0, 'unixepoch') AS `last_at`
FROM `contexts` AS c
CROSS JOIN json_each((
	WITH RECURSIVE `span` (`start`, `head`) AS (
		SELECT coalesce(c.`fork_sequence`, 0) + 1, (SELECT max(`sequence`) FROM `events` WHERE `context` = c.`id`)
		UNION ALL
		SELECT `start` + 1000, `head` FROM `span` WHERE `start` + 1000 <= `head`
	)
	SELECT json_group_array(`start`) FROM `span`
)) AS span
CROSS JOIN `events` AS first ON first.`context` = c.`id` AND first.`sequence` = span.value
CROSS JOIN `events` AS last ON last.`context` = c.`id` AND last.`sequence` = min(
	span.value + 999,
	(SELECT max(`sequence`) FROM `events` WHERE `context` = c.`id`)
)
WHERE c.`id` > 0 AND c.`kept_sequence` IS NULL;
--> statement-breakpoint
-- Whose events a context's history is made of: its own (distance 0), and those of its ancestors up to each fork.
CREATE VIEW `lineage` AS
WITH RECURSIVE `line` (`context`, `ancestor`, `distance`, `last`) AS (
	SELECT `id`, `id`, 0, (SELECT max(`sequence`) FROM `events` WHERE `context` = c.`id`)
	FROM `contexts` AS c WHERE `id` > 0 AND `kept_sequence` IS NULL
	UNION ALL
	SELECT l.`context`, c.`parent`, l.`distance` + 1, c.`fork_sequence`
	FROM `line` AS l JOIN `contexts` AS c ON c.`id` = l.`ancestor`
	WHERE c.`parent` < c.`id`
)
SELECT
	c.`name` AS `context`,
	CASE WHEN a.`kept_sequence` IS NULL THEN a.`name` END AS `ancestor`,
	l.`distance` AS `distance`,
	coalesce(a.`fork_sequence`, 0) + 1 AS `first_sequence`,
	l.`last` AS `last_sequence`
FROM `line` AS l
JOIN `contexts` AS c ON c.`id` = l.`context`
JOIN `contexts` AS a ON a.`id` = l.`ancestor`;
