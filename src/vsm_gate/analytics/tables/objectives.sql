-- One row an objective of a check record.
CREATE TABLE objectives AS
SELECT
    checks.id AS record,
    checks.time,
    checks.repository,
    checks.team,
    checks.settled,
    entry.key AS objective,
    entry.value ->> '$.metric' AS metric,
    COALESCE(entry.value ->> '$.status', 'missing') AS status,
    TRY_CAST(entry.value ->> '$.score' AS DOUBLE) AS score,
    TRY_CAST(entry.value ->> '$.value' AS DOUBLE) AS value,
    TRY_CAST(entry.value ->> '$.baseline' AS DOUBLE) AS baseline,
    entry.value ->> '$.phase' AS phase,
    COALESCE(TRY_CAST(entry.value ->> '$.key' AS BOOLEAN), FALSE) AS key_objective,
    COALESCE(TRY_CAST(entry.value ->> '$.weight' AS DOUBLE), 1) AS weight,
    entry.value ->> '$.waiver' AS waiver
FROM records
JOIN checks ON checks.id = records.id,
    json_each(records.document, '$.objectives') AS entry
WHERE json_type(records.document, '$.objectives') = 'OBJECT';
