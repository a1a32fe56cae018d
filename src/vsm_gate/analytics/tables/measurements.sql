-- One row a measurement of a check record: a value, or the reason why there is none.
CREATE TABLE measurements AS
SELECT
    checks.id AS record,
    checks.time,
    checks.repository,
    checks.team,
    checks.default_branch,
    checks.settled,
    entry.key AS metric,
    number(entry.value ->> '$.value') AS value,
    whole(entry.value ->> '$.numerator') AS numerator,
    whole(entry.value ->> '$.denominator') AS denominator,
    entry.value ->> '$.missing' AS missing
FROM records
JOIN checks ON checks.id = records.id,
    json_each(records.document, '$.measurements') AS entry
WHERE json_type(records.document, '$.measurements') = 'OBJECT';
