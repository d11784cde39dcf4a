-- +goose Up

-- How the words of a page were come by, and whether it holds what could not be read.
ALTER TABLE pages ADD COLUMN ocr INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;

-- A watched folder may rest. What the last look at it found; looked_at is '' before the first.
ALTER TABLE folders ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folders ADD COLUMN looked_at TEXT NOT NULL DEFAULT '';
ALTER TABLE folders ADD COLUMN files INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folders ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folders ADD COLUMN problems INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folders ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
