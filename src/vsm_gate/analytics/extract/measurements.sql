-- One row a measurement of a check: its value, or the reason why there is none. `record` is the
-- number of the check. By metric, so that who asks for one reads no other.
WITH said_of AS (SELECT number, UNNEST(MAP_ENTRIES(said.measurements)) AS entry FROM parsed)
SELECT
    number AS record,
    entry.key AS metric,
    number(entry.value.value) AS value,
    whole(entry.value.numerator) AS numerator,
    whole(entry.value.denominator) AS denominator,
    entry.value.missing AS missing
FROM said_of
ORDER BY metric, record
