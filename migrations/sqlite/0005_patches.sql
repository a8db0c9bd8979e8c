ALTER TABLE `current_keys` ADD `bytes` integer;
--> statement-breakpoint
DROP VIEW `current_state`;
--> statement-breakpoint
-- A large value is read out of its event; it is null where only what changed of it stands there.
-- By the key index, since what a fork inherited was made by events of its ancestors.
CREATE VIEW `current_state` AS
SELECT
	c.`name` AS `context`,
	k.`key` AS `key`,
	k.`scope` AS `scope`,
	coalesce(k.`value`, (
		SELECT effect.value -> '$.value' FROM json_each(e.`payload`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.`key` AND effect.value ->> '$.scope' = k.`scope`
	)) AS `value`,
	coalesce(k.`bytes`, length(CAST(k.`value` AS BLOB))) AS `bytes`,
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
DROP VIEW `history`;
--> statement-breakpoint
-- Where an event has only what changed of a value, that is its patch, and the value is null.
CREATE VIEW `history` AS
SELECT
	e.`position` AS `position`,
	c.`name` AS `context`,
	e.`sequence` AS `sequence`,
	e.`version` AS `version`,
	strftime('%Y-%m-%dT%H:%M:%fZ', e.`recorded_at` / 1000.0, 'unixepoch') AS `at`,
	e.`type` AS `type`,
	replace(effect.value ->> '$.op', 'patch', 'set') AS `operation`,
	effect.value ->> '$.scope' AS `scope`,
	effect.value ->> '$.key' AS `key`,
	effect.value -> '$.value' AS `value`,
	effect.value -> '$.patch' AS `patch`,
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
		SELECT effect.value -> '$.patch' FROM json_each(e.`payload`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.`key` AND effect.value ->> '$.scope' = k.`scope`
	) AS `patch`,
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
		SELECT effect.value -> '$.patch' FROM json_each(e.`payload`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.`key` AND effect.value ->> '$.scope' = k.`scope`
	) AS `patch`,
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
		SELECT effect.value -> '$.patch' FROM json_each(e.`payload`, '$.effects') AS effect
		WHERE effect.value ->> '$.key' = k.`key` AND effect.value ->> '$.scope' = k.`scope`
	) AS `patch`,
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
