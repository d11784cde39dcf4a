-- +goose Up

-- Questions that a person took off: kept apart from them, so that they stay off when a
-- newer bank or another run of the model brings them again.
CREATE TABLE taken_off (
    about TEXT NOT NULL, -- questions.act
    key   TEXT NOT NULL,
    text  TEXT NOT NULL,
    PRIMARY KEY (about, key, text)
) STRICT, WITHOUT ROWID;

-- What a model with a prompt has written for, whatever came of it: it is not asked again
-- for the same text.
CREATE TABLE written (
    about          TEXT NOT NULL,
    key            TEXT NOT NULL,
    unit_hash      TEXT NOT NULL,
    digest         TEXT NOT NULL, -- of the model
    prompt_version TEXT NOT NULL,
    kept           INTEGER NOT NULL,
    dropped        INTEGER NOT NULL,
    created_at     TEXT NOT NULL,
    PRIMARY KEY (about, key, unit_hash, digest, prompt_version)
) STRICT, WITHOUT ROWID;

-- How long a model with a prompt takes on this machine, as JSON (rag.Pace).
CREATE TABLE paces (
    digest         TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    pace           TEXT NOT NULL,
    PRIMARY KEY (digest, prompt_version)
) STRICT, WITHOUT ROWID;
