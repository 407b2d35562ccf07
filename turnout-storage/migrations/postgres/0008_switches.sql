-- What an operator has set of the switches in `turnout-core/src/switch/catalogue.rs`; the variable of a feature itself
-- is empty.

CREATE TABLE switch (
    feature text COLLATE "C" NOT NULL,
    variable text COLLATE "C" NOT NULL,
    value jsonb NOT NULL,
    modified_at timestamptz NOT NULL,
    PRIMARY KEY (feature, variable)
);
