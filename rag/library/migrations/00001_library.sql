-- +goose Up
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The generation tells this library from any other, so that a derived index
-- that was copied beside it is noticed.
INSERT INTO meta (name, value) VALUES ('generation', lower(hex(randomblob(16))));

CREATE TABLE documents (
    id            TEXT PRIMARY KEY,
    collection    TEXT NOT NULL,
    act           TEXT NOT NULL,
    title         TEXT NOT NULL,
    source        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    language      TEXT NOT NULL,
    hash          TEXT NOT NULL,
    status        TEXT NOT NULL,
    wording_date  TEXT NOT NULL,
    text_kind     TEXT NOT NULL,
    extractor     TEXT NOT NULL,
    fetched_at    TEXT NOT NULL,
    units         INTEGER NOT NULL,
    passages      INTEGER NOT NULL,
    words         INTEGER NOT NULL, -- indexed words of its passages, by the analyser in meta
    first_passage INTEGER NOT NULL, -- a document's passages are numbered without gaps
    last_passage  INTEGER NOT NULL,
    UNIQUE (collection, source)
) STRICT;

-- Apart from documents, so that listing documents never reads their texts.
CREATE TABLE texts (
    document TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    text     TEXT NOT NULL
) STRICT;

CREATE TABLE pages (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ord      INTEGER NOT NULL,
    page     INTEGER NOT NULL,
    label    TEXT NOT NULL,
    start_at INTEGER NOT NULL, -- spans count code points, half-open
    end_at   INTEGER NOT NULL,
    words    INTEGER NOT NULL,
    share    REAL NOT NULL,
    PRIMARY KEY (document, ord)
) STRICT, WITHOUT ROWID;

CREATE TABLE units (
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ord      INTEGER NOT NULL,
    key      TEXT NOT NULL,
    citation TEXT NOT NULL,
    article  TEXT NOT NULL,
    page     INTEGER NOT NULL,
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL,
    status   TEXT NOT NULL,
    PRIMARY KEY (document, ord)
) STRICT, WITHOUT ROWID;
CREATE INDEX units_by_key ON units (document, key);

-- AUTOINCREMENT: an id that was given is never given again, so that a link or a
-- derived index can lag behind but never point at something else.
CREATE TABLE passages (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    document  TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ord       INTEGER NOT NULL,
    article   TEXT NOT NULL,
    key       TEXT NOT NULL,
    unit      TEXT NOT NULL,
    page      INTEGER NOT NULL,
    start_at  INTEGER NOT NULL,
    end_at    INTEGER NOT NULL,
    status    TEXT NOT NULL,
    text_hash TEXT NOT NULL,    -- SHA-256 of the embedding text
    runes     INTEGER NOT NULL, -- code points of the embedding text
    heading   TEXT NOT NULL,
    text      TEXT NOT NULL
) STRICT;
CREATE INDEX passages_to_embed ON passages (text_hash, document, status, runes);
CREATE INDEX passages_by_key ON passages (document, key);
CREATE INDEX passages_out_of_force ON passages (id) WHERE status IN ('repealed', 'not_yet');

CREATE TABLE models (
    id        INTEGER PRIMARY KEY,
    digest    TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL
) STRICT;

-- Addressed by content and kept when a document goes: what was embedded once is
-- not embedded again when it comes back.
CREATE TABLE vectors (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    model     INTEGER NOT NULL REFERENCES models (id),
    text_hash TEXT NOT NULL,
    vector    BLOB NOT NULL, -- float32, little-endian, unit length
    UNIQUE (model, text_hash)
) STRICT;

-- What the derived indices have to follow, written in the transaction it tells of.
-- stored, removed: passages first..last; embedded: vectors first..last of a model.
CREATE TABLE changes (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('stored', 'removed', 'embedded')),
    collection TEXT NOT NULL,
    model      INTEGER NOT NULL,
    first      INTEGER NOT NULL,
    last       INTEGER NOT NULL
) STRICT;
