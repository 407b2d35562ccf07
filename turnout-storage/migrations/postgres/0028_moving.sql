-- How far the rows of another service were taken over from each database of it, and which of them could not be.

CREATE TABLE django_carried (
    origin text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    -- what was written there before this mark is here
    floor bigint,
    -- the mark at which the present pass began, and the key up to which it is
    began bigint,
    after_key text,
    rows_read bigint NOT NULL,
    rows_written bigint NOT NULL,
    PRIMARY KEY (origin, model)
);

CREATE TABLE django_left_out (
    origin text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (origin, model, key)
);
