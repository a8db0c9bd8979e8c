ALTER TABLE `contexts` ADD `row_check` integer;--> statement-breakpoint
ALTER TABLE `current_keys` ADD `row_check` integer;--> statement-breakpoint
ALTER TABLE `cursors` ADD `row_check` integer;--> statement-breakpoint
ALTER TABLE `events` ADD `row_check` integer;--> statement-breakpoint
ALTER TABLE `events` ADD `payload_check` integer;--> statement-breakpoint
ALTER TABLE `events` ADD `keys_check` integer;--> statement-breakpoint
ALTER TABLE `events` ADD `marks_check` integer;--> statement-breakpoint
ALTER TABLE `key_changes` ADD `row_check` integer;--> statement-breakpoint
ALTER TABLE `phases` ADD `row_check` integer;--> statement-breakpoint
ALTER TABLE `receipts` ADD `row_check` integer;
--> statement-breakpoint
DROP TRIGGER `events_are_only_erased`;
--> statement-breakpoint
-- As before, and the checksums of what is present after an event are derived: a rebuild makes them anew.
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
			WHERE e.`context` = OLD.`context` AND e.`type` = 'values_erased'
				AND e.`sequence` = (SELECT max(`sequence`) FROM `events` WHERE `context` = OLD.`context`)
				AND e.`payload` -> ('$.details.erased."' || OLD.`sequence` || '"') IS NOT NULL
		)
	)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
