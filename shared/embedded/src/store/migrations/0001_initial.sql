-- Where each stream ends. What an append is conditional on, and what a verifier compares with.
CREATE TABLE streams (
    stream  TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    hash    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The events of all streams. `position` is the order of recording; instants are nanoseconds since
-- the epoch; all columns but `position` repeat what the bytes say, to be searched.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream   TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    actor    TEXT,
    kind     TEXT NOT NULL,
    append   BLOB NOT NULL,
    bytes    TEXT NOT NULL,
    UNIQUE (stream, sequence)
) STRICT;
CREATE INDEX events_append ON events (append, stream);
CREATE INDEX events_at ON events (at);
CREATE INDEX events_stream_at ON events (stream, at);
CREATE INDEX events_actor_at ON events (actor, at) WHERE actor IS NOT NULL;
CREATE INDEX events_kind_at ON events (kind, at);

-- Events are for ever.
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'a recorded event never changes'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'a recorded event is never deleted'); END;

-- The current state, as lists and "due" queries read it. The columns from `request` on are those of
-- access requests only.
CREATE TABLE items (
    key            TEXT PRIMARY KEY,
    version        INTEGER NOT NULL,
    hash           TEXT NOT NULL,
    due_at         INTEGER,
    body           TEXT NOT NULL,
    request        BLOB,
    requester      TEXT,
    account        TEXT,
    permission_set TEXT,
    submitted_at   INTEGER,
    state          TEXT
) STRICT;
CREATE INDEX items_due ON items (due_at, key) WHERE due_at IS NOT NULL;
CREATE INDEX items_submitted ON items (submitted_at, request) WHERE submitted_at IS NOT NULL;
CREATE INDEX items_requester ON items (requester, submitted_at, request) WHERE requester IS NOT NULL;
CREATE INDEX items_account ON items (account, submitted_at, request) WHERE account IS NOT NULL;
CREATE INDEX items_state ON items (state, submitted_at, request) WHERE state IS NOT NULL;

-- Keys that at most one value may hold.
CREATE TABLE claims (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_until ON claims (until) WHERE until IS NOT NULL;

-- Events that nobody was told of yet.
CREATE TABLE outbox (
    position INTEGER PRIMARY KEY REFERENCES events (position)
) STRICT;

-- What people were told.
CREATE TABLE inbox (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient TEXT NOT NULL,
    stream    TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    request   BLOB,
    at        INTEGER NOT NULL,
    read_at   INTEGER,
    UNIQUE (recipient, stream, sequence, kind)
) STRICT;
CREATE INDEX inbox_recipient ON inbox (recipient, id);
CREATE INDEX inbox_unread ON inbox (recipient, id) WHERE read_at IS NULL;

-- Whole things that are read and written at once.
CREATE TABLE documents (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
