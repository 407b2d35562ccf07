-- How cells of an export are written (flows.md 18.1): empty for null, and for an empty text.

-- A text: what a program for tables would take for a formula gets an apostrophe before it (quirk Q69; OWASP, CSV injection).
CREATE FUNCTION pg_temp.words(given text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE
        WHEN left(given, 1) IN ('=', '+', '-', '@', E'\t', E'\r') THEN '''' || given
        ELSE nullif(given, '')
    END
$$;

-- A telephone number: plus and digits, as E.164 has it, compute nothing.
CREATE FUNCTION pg_temp.phone(given text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN given ~ '^\+[0-9]{1,15}$' THEN given ELSE pg_temp.words(given) END
$$;

-- A moment in UTC, its fraction only where there is one.
CREATE FUNCTION pg_temp.moment(given timestamptz) RETURNS text STABLE LANGUAGE sql AS $$
    SELECT to_char(given AT TIME ZONE 'UTC', CASE
        WHEN given = date_trunc('second', given) THEN 'YYYY-MM-DD HH24:MI:SS+00:00'
        ELSE 'YYYY-MM-DD HH24:MI:SS.US+00:00'
    END)
$$;

-- Yes or no.
CREATE FUNCTION pg_temp.yes(given boolean) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN given THEN 'True' WHEN NOT given THEN 'False' END
$$;
