ALTER TABLE `contexts` ADD `floor_sequence` integer;--> statement-breakpoint
ALTER TABLE `contexts` ADD `floor_position` integer;--> statement-breakpoint
CREATE INDEX `contexts_floor` ON `contexts` (`floor_position`) WHERE floor_position IS NOT NULL;
--> statement-breakpoint
DROP TRIGGER `events_are_only_erased`;
--> statement-breakpoint
-- As before, and of an event up to the floor of its context, the payload may be reduced to what stands by it.
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
			SELECT 1 FROM `contexts`
			WHERE `id` = OLD.`context` AND (`kept_sequence` IS NOT NULL OR `floor_sequence` >= OLD.`sequence`)
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
DROP TRIGGER `events_leave_with_their_context`;
--> statement-breakpoint
-- As before, and what lies below the floor of a context may go.
CREATE TRIGGER `events_leave_with_their_context` BEFORE DELETE ON `events`
WHEN EXISTS (
	SELECT 1 FROM `contexts`
	WHERE `id` = OLD.`context` AND (`kept_sequence` IS NULL OR OLD.`sequence` <= `kept_sequence`)
		AND (`floor_sequence` IS NULL OR OLD.`sequence` >= `floor_sequence`)
)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
