-- Sites that are built anew when facts about states change: where they are called, and which facts they have seen.

CREATE TABLE election_updatenotificationwebhook (
    uuid BLOB NOT NULL PRIMARY KEY,
    name TEXT,
    type TEXT,
    trigger_url TEXT,
    last_triggered TEXT,
    active INTEGER,
    seen TEXT,
    failed_at TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX election_updatenotificationwebhook_newest ON election_updatenotificationwebhook (created_at, uuid);
