CREATE TABLE `cursors` (
	`context` integer NOT NULL,
	`name` text NOT NULL,
	`sequence` integer NOT NULL,
	`hash` blob NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`context`, `name`)
) STRICT, WITHOUT ROWID;
