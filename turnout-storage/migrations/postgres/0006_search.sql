-- What voters are found by: made from their records, and in no need of keys to them. A block packs some
-- thousand entries of a list that follow each other in time; its pages can always be made anew from the entries.

-- not in a block yet
CREATE TABLE search_fresh (
    partner_id uuid NOT NULL,
    tool text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    action_id uuid NOT NULL,
    terms text COLLATE "C" NOT NULL,
    PRIMARY KEY (partner_id, tool, created_at, action_id)
);

-- in a block
CREATE TABLE search_entry (
    partner_id uuid NOT NULL,
    tool text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    action_id uuid NOT NULL,
    terms text COLLATE "C" NOT NULL,
    PRIMARY KEY (partner_id, tool, created_at, action_id)
);

CREATE TABLE search_block (
    partner_id uuid NOT NULL,
    tool text COLLATE "C" NOT NULL,
    block bigint NOT NULL,
    since timestamptz NOT NULL,
    directory bytea NOT NULL,
    PRIMARY KEY (partner_id, tool, block)
);

CREATE TABLE search_page (
    partner_id uuid NOT NULL,
    tool text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (partner_id, tool, number)
);
-- a page is small and read whole: it stays beside its key
ALTER TABLE search_page ALTER COLUMN content SET STORAGE MAIN;
