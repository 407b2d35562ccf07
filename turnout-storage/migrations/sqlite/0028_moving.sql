-- How far the rows of another service were taken over from each database of it, and which of them could not be.

CREATE TABLE django_carried (
    origin TEXT NOT NULL,
    model TEXT NOT NULL,
    -- what was written there before this mark is here
    floor INTEGER,
    -- the mark at which the present pass began, and the key up to which it is
    began INTEGER,
    after_key TEXT,
    rows_read INTEGER NOT NULL,
    rows_written INTEGER NOT NULL,
    PRIMARY KEY (origin, model)
) STRICT;

CREATE TABLE django_left_out (
    origin TEXT NOT NULL,
    model TEXT NOT NULL,
    key TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (origin, model, key)
) STRICT;
