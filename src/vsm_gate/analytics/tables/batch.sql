-- Add a batch of parsed records: one row a record, without what has rows of its own; one row an
-- objective; one row a measurement, with its value or the reason why there is none.
INSERT INTO documents
SELECT number, id, struct_update(said, measurements := NULL, objectives := NULL) FROM parsed;

INSERT INTO objectives
WITH entries AS (SELECT number, UNNEST(MAP_ENTRIES(said.objectives)) AS entry FROM parsed)
SELECT
    number,
    entry.key,
    entry.value.metric,
    COALESCE(entry.value.status, 'missing'),
    score_of(entry.value.score),
    COALESCE(number(entry.value.weight), 1),
    entry.value.waiver
FROM entries;

INSERT INTO measurements
WITH entries AS (SELECT number, UNNEST(MAP_ENTRIES(said.measurements)) AS entry FROM parsed)
SELECT
    number,
    entry.key,
    number(entry.value.value),
    whole(entry.value.numerator),
    whole(entry.value.denominator),
    entry.value.missing
FROM entries;
