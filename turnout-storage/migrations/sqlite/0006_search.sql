-- What voters are found by: made from their records, and in no need of keys to them. A block packs some
-- thousand entries of a list that follow each other in time; its pages can always be made anew from the entries.

-- not in a block yet
CREATE TABLE search_fresh (
    partner_id BLOB NOT NULL,
    tool TEXT NOT NULL,
    created_at TEXT NOT NULL,
    action_id BLOB NOT NULL,
    terms TEXT NOT NULL,
    PRIMARY KEY (partner_id, tool, created_at, action_id)
) STRICT, WITHOUT ROWID;

-- in a block
CREATE TABLE search_entry (
    partner_id BLOB NOT NULL,
    tool TEXT NOT NULL,
    created_at TEXT NOT NULL,
    action_id BLOB NOT NULL,
    terms TEXT NOT NULL,
    PRIMARY KEY (partner_id, tool, created_at, action_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_block (
    partner_id BLOB NOT NULL,
    tool TEXT NOT NULL,
    block INTEGER NOT NULL,
    since TEXT NOT NULL,
    directory BLOB NOT NULL,
    PRIMARY KEY (partner_id, tool, block)
) STRICT;

CREATE TABLE search_page (
    partner_id BLOB NOT NULL,
    tool TEXT NOT NULL,
    number INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (partner_id, tool, number)
) STRICT;
