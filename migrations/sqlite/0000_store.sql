CREATE TABLE `contexts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`parent` integer,
	`fork_sequence` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `contexts_name_unique` ON `contexts` (`name`);--> statement-breakpoint
CREATE TABLE `current_keys` (
	`context` integer NOT NULL,
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`created` integer NOT NULL,
	`sequence` integer NOT NULL,
	`version` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`value` text,
	PRIMARY KEY(`context`, `scope`, `key`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `events` (
	`position` integer PRIMARY KEY NOT NULL,
	`context` integer NOT NULL,
	`sequence` integer NOT NULL,
	`version` integer NOT NULL,
	`type` text NOT NULL,
	`payload` text NOT NULL,
	`actor` text,
	`cause` text,
	`phase` text,
	`batch` text,
	`tags` text,
	`idempotency_key` text,
	`recorded_at` integer NOT NULL,
	`hash` blob NOT NULL,
	FOREIGN KEY (`context`) REFERENCES `contexts`(`id`) DEFERRABLE INITIALLY DEFERRED
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `events_context_sequence` ON `events` (`context`,`sequence`);--> statement-breakpoint
CREATE TABLE `key_changes` (
	`context` integer NOT NULL,
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`sequence` integer NOT NULL,
	`position` integer NOT NULL,
	`created` integer NOT NULL,
	`operation` text NOT NULL,
	PRIMARY KEY(`context`, `scope`, `key`, `sequence`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `migrations_applied` (
	`tag` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`applied_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `phases` (
	`context` integer NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`once` text,
	`status` text NOT NULL,
	`started_sequence` integer NOT NULL,
	`ended_sequence` integer,
	PRIMARY KEY(`context`, `id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `phases_started` ON `phases` (`context`,`started_sequence`);--> statement-breakpoint
CREATE TABLE `receipts` (
	`context` integer NOT NULL,
	`idempotency_key` text NOT NULL,
	`sequence` integer NOT NULL,
	`command` text NOT NULL,
	`outcome` text,
	PRIMARY KEY(`context`, `idempotency_key`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER `events_are_never_changed` BEFORE UPDATE ON `events`
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `events_leave_with_their_context` BEFORE DELETE ON `events`
WHEN EXISTS (SELECT 1 FROM `contexts` WHERE `id` = OLD.`context`)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER `events_are_never_replaced` BEFORE INSERT ON `events`
WHEN EXISTS (SELECT 1 FROM `events` WHERE `context` = NEW.`context` AND `sequence` = NEW.`sequence`)
	OR EXISTS (SELECT 1 FROM `events` WHERE `position` = NEW.`position`)
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
--> statement-breakpoint
-- The store's own stream, which tells of contexts that were deleted or imported.
INSERT INTO `contexts` (`id`, `name`, `created_at`) VALUES (0, '', 0);
