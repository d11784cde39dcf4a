-- +goose Up

-- What a document's life in law depends on. Its status on a day follows from these
-- dates and from the relations below; status is what its source says without a date.
ALTER TABLE documents ADD COLUMN in_force_from TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN repealed_from TEXT NOT NULL DEFAULT '';
-- An undated text is no older than the youngest act that it cites.
ALTER TABLE documents ADD COLUMN wording_after TEXT NOT NULL DEFAULT '';
-- Where the text was taken from, where that is not the source itself.
ALTER TABLE documents ADD COLUMN origin TEXT NOT NULL DEFAULT '';
-- Since when the source is gone; such a document stays out of answers.
ALTER TABLE documents ADD COLUMN missing_since TEXT NOT NULL DEFAULT '';
CREATE INDEX documents_by_act ON documents (act);

-- What a document says of other acts: that it repeals or amends them. It goes with
-- the document that says it, and what it did to others is undone.
CREATE TABLE relations (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ord      INTEGER NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('repeals', 'amends')),
    act      TEXT NOT NULL, -- the other act
    date     TEXT NOT NULL, -- from when, '' when the document does not say
    key      TEXT NOT NULL, -- the unit that says it
    PRIMARY KEY (document, ord)
) STRICT, WITHOUT ROWID;
CREATE INDEX relations_by_act ON relations (act, kind);

-- What tells, without reading it, that a source has not changed.
CREATE TABLE stamps (
    document   TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    size       INTEGER NOT NULL, -- of a file
    mtime      INTEGER NOT NULL, -- nanoseconds since 1970
    inode      INTEGER NOT NULL,
    etag       TEXT NOT NULL,    -- of an address
    modified   TEXT NOT NULL,
    checked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Folders that are looked at again: while Referent serves, and when it starts.
CREATE TABLE folders (
    collection TEXT NOT NULL,
    path       TEXT NOT NULL,
    added_at   TEXT NOT NULL,
    PRIMARY KEY (collection, path)
) STRICT, WITHOUT ROWID;

-- The list of changes learns of "noted": no passage changed, but what is known of a
-- document did. A CHECK cannot be altered, so the table is copied, together with the
-- number of its last row, which may be gone already.
CREATE TABLE changes_next (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('stored', 'removed', 'embedded', 'asked', 'noted')),
    collection TEXT NOT NULL,
    model      INTEGER NOT NULL,
    first      INTEGER NOT NULL,
    last       INTEGER NOT NULL
) STRICT;
INSERT INTO changes_next SELECT seq, kind, collection, model, first, last FROM changes;
DELETE FROM sqlite_sequence WHERE name = 'changes_next';
INSERT INTO sqlite_sequence (name, seq) SELECT 'changes_next', seq FROM sqlite_sequence WHERE name = 'changes';
DROP TABLE changes;
ALTER TABLE changes_next RENAME TO changes;
