-- What channels remember of what they delivered. `revision` is new with every writing.
CREATE TABLE notes (
    grp      TEXT NOT NULL,
    key      TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body     TEXT NOT NULL,
    until    INTEGER NOT NULL,
    PRIMARY KEY (grp, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX notes_until ON notes (until);
