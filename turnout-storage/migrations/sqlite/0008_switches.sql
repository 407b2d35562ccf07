-- What an operator has set of the switches in `turnout-core/src/switch/catalogue.rs`; the variable of a feature itself
-- is empty.

CREATE TABLE switch (
    feature TEXT NOT NULL,
    variable TEXT NOT NULL,
    value TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    PRIMARY KEY (feature, variable)
) STRICT;
