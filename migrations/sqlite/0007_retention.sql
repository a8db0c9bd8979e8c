DROP TRIGGER `events_are_only_erased`;
--> statement-breakpoint
-- As before, and an event that clears or deletes ephemeral keys erases the values that they had.
CREATE TRIGGER `events_are_only_erased` BEFORE UPDATE ON `events`
WHEN NEW.`position` IS NOT OLD.`position` OR NEW.`context` IS NOT OLD.`context`
	OR NEW.`sequence` IS NOT OLD.`sequence` OR NEW.`version` IS NOT OLD.`version` OR NEW.`type` IS NOT OLD.`type`
	OR NEW.`actor` IS NOT OLD.`actor` OR NEW.`cause` IS NOT OLD.`cause` OR NEW.`phase` IS NOT OLD.`phase`
	OR NEW.`batch` IS NOT OLD.`batch` OR NEW.`tags` IS NOT OLD.`tags`
	OR NEW.`idempotency_key` IS NOT OLD.`idempotency_key` OR NEW.`recorded_at` IS NOT OLD.`recorded_at`
	OR NEW.`hash` IS NOT OLD.`hash` OR NEW.`row_check` IS NOT OLD.`row_check`
	OR (
		(
			NEW.`payload` IS NOT OLD.`payload` OR NEW.`payload_check` IS NOT OLD.`payload_check`
			OR (NEW.`keys_check` IS OLD.`keys_check` AND NEW.`marks_check` IS OLD.`marks_check`)
		)
		AND NOT EXISTS (
			SELECT 1 FROM `contexts` WHERE `id` = OLD.`context` AND `kept_sequence` IS NOT NULL
			UNION ALL
			SELECT 1 FROM `events` AS e
			WHERE e.`context` = OLD.`context`
				AND e.`sequence` = (SELECT max(`sequence`) FROM `events` WHERE `context` = OLD.`context`)
				AND CASE e.`type`
					WHEN 'values_erased' THEN e.`payload` -> ('$.details.erased."' || OLD.`sequence` || '"') IS NOT NULL
					WHEN 'ephemeral_cleared' THEN instr(OLD.`payload`, '"scope":"ephemeral"') > 0
					WHEN 'value_deleted' THEN instr(OLD.`payload`, '"scope":"ephemeral"') > 0
				END
		)
	)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
DROP VIEW `snapshot_list`;
--> statement-breakpoint
CREATE VIEW `snapshot_list` AS
SELECT
	c.`name` AS `context`,
	k.`key` AS `snapshot`,
	k.`value` ->> '$.reason' AS `reason`,
	k.`version` AS `version`,
	k.`sequence` AS `sequence`,
	strftime('%Y-%m-%dT%H:%M:%fZ', k.`changed_at` / 1000.0, 'unixepoch') AS `taken_at`,
	EXISTS (
		SELECT 1 FROM `current_keys` AS p
		WHERE p.`context` = k.`context` AND p.`scope` = 'pin' AND p.`key` = k.`key`
	) AS `pinned`,
	k.`value` ->> '$.bytes' AS `bytes`,
	k.`value` -> '$.metadata' AS `metadata`
FROM `contexts` AS c
CROSS JOIN `current_keys` AS k ON k.`context` = c.`id` AND k.`scope` = 'snapshot';
