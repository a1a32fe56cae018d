-- One row a measurement of a check record: a value, or the reason why there is none.
CREATE TABLE measurements AS
WITH entries AS (
    SELECT id, UNNEST(MAP_ENTRIES(said.measurements)) AS entry FROM records WHERE kind = 'check'
)
SELECT
    checks.id AS record,
    checks.time,
    checks.repository,
    checks.team,
    checks.default_branch,
    checks.settled,
    entry.key AS metric,
    number(entry.value.value) AS value,
    whole(entry.value.numerator) AS numerator,
    whole(entry.value.denominator) AS denominator,
    entry.value.missing AS missing
FROM entries
JOIN checks ON checks.id = entries.id;
