-- Views for people with any SQLite tool: names instead of numbers, ISO times, values as JSON.
CREATE VIEW `context_list` AS
SELECT
	c.`name` AS `context`,
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
JOIN `events` AS e ON e.`position` = (
	SELECT h.`position` FROM `events` AS h WHERE h.`context` = c.`id` ORDER BY h.`sequence` DESC LIMIT 1
)
WHERE c.`id` > 0;
--> statement-breakpoint
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
CROSS JOIN `events` AS e ON e.`context` = k.`context` AND e.`sequence` = k.`sequence`;
--> statement-breakpoint
CREATE VIEW `change_log` AS
SELECT
	c.`name` AS `context`,
	e.`sequence` AS `sequence`,
	e.`version` AS `version`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `at`,
	CASE e.`type`
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
			'value_set', 'value_edited', 'value_deleted', 'values_updated', 'values_merged', 'ephemeral_set',
			'ephemeral_cleared', 'key_protected', 'key_unprotected', 'snapshot_restored'
		)
		OR (l.`type` = 'context_created' AND json_array_length(l.`payload`, '$.details.keys') > 0)
		OR (l.`type` = 'phase_finished' AND l.`payload` ->> '$.details.changes' > 0)
	)
		ORDER BY l.`sequence` DESC LIMIT 1 OFFSET 199
	),
	0
)
WHERE c.`id` > 0 AND (
		e.`type` IN (
			'value_set', 'value_edited', 'value_deleted', 'values_updated', 'values_merged', 'ephemeral_set',
			'ephemeral_cleared', 'key_protected', 'key_unprotected', 'snapshot_restored'
		)
		OR (e.`type` = 'context_created' AND json_array_length(e.`payload`, '$.details.keys') > 0)
		OR (e.`type` = 'phase_finished' AND e.`payload` ->> '$.details.changes' > 0)
	);
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
LEFT JOIN json_each(e.`payload`, '$.effects') AS effect;
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
CROSS JOIN `events` AS e ON e.`position` = k.`position`;
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
CROSS JOIN `events` AS e ON e.`context` = k.`context` AND e.`sequence` = k.`sequence`;
--> statement-breakpoint
CREATE VIEW `snapshot_list` AS
SELECT
	c.`name` AS `context`,
	k.`key` AS `snapshot`,
	k.`value` ->> '$.reason' AS `reason`,
	k.`version` AS `version`,
	k.`sequence` AS `sequence`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.`changed_at` / 1000.0, 'unixepoch') AS `taken_at`,
	k.`value` -> '$.metadata' AS `metadata`
FROM `contexts` AS c
CROSS JOIN `current_keys` AS k ON k.`context` = c.`id` AND k.`scope` = 'snapshot';
--> statement-breakpoint
CREATE VIEW `phase_list` AS
SELECT
	c.`name` AS `context`,
	p.`id` AS `phase`,
	p.`name` AS `name`,
	p.`once` AS `once`,
	p.`status` AS `status`,
	p.`started_sequence` AS `started_sequence`,
	p.`ended_sequence` AS `ended_sequence`,
	strftime('%Y-%m-%dT%H:%M:%fZ', b.`recorded_at` / 1000.0, 'unixepoch') AS `started_at`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `ended_at`
FROM `contexts` AS c
CROSS JOIN `phases` AS p ON p.`context` = c.`id`
CROSS JOIN `events` AS b ON b.`context` = p.`context` AND b.`sequence` = p.`started_sequence`
LEFT JOIN `events` AS e ON e.`context` = p.`context` AND e.`sequence` = p.`ended_sequence`;
--> statement-breakpoint
-- A context's history in spans of 1000 events, each with its first and last time: finds the events of a time.
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
		SELECT 1, (SELECT max(`sequence`) FROM `events` WHERE `context` = c.`id`)
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
WHERE c.`id` > 0;
