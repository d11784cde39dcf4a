-- +goose Up

-- Everyday questions belong to a unit of an act, whatever documents hold it.
CREATE TABLE questions (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    act            TEXT NOT NULL,
    key            TEXT NOT NULL,
    text           TEXT NOT NULL,
    origin         TEXT NOT NULL CHECK (origin IN ('bank', 'model', 'editor', 'clerk')),
    model          TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    language       TEXT NOT NULL, -- of the text it was written from
    unit_hash      TEXT NOT NULL, -- of that text
    sketch         TEXT NOT NULL, -- of its lemmas
    created_at     TEXT NOT NULL,
    text_hash      TEXT NOT NULL, -- what its vector is kept by
    runes          INTEGER NOT NULL,
    words          INTEGER NOT NULL, -- indexed words, by the analyser in meta
    UNIQUE (act, key, text)
) STRICT;
CREATE INDEX questions_to_embed ON questions (text_hash, runes);

-- Which documents a question finds: by the first passage of its article there. stale
-- says that the wording there is not the one that it was written from; where the two
-- have too little in common there is no row.
CREATE TABLE asked (
    passage  INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    question INTEGER NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    stale    INTEGER NOT NULL,
    PRIMARY KEY (passage, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_by_question ON asked (question);

-- The list of changes learns of questions: asked: those of passages first..last are
-- others now. A CHECK cannot be altered, so the table is copied, together with the
-- number of its last row, which may be gone already.
CREATE TABLE changes_next (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('stored', 'removed', 'embedded', 'asked')),
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
