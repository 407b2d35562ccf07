-- Sites that are built anew when facts about states change: where they are called, and which facts they have seen.

CREATE TABLE election_updatenotificationwebhook (
    uuid uuid NOT NULL PRIMARY KEY,
    name text,
    type text,
    trigger_url text,
    last_triggered timestamptz,
    active boolean,
    seen text,
    failed_at timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX election_updatenotificationwebhook_newest ON election_updatenotificationwebhook (created_at, uuid);
