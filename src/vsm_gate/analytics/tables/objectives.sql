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
    number(entry.value ->> '$.score') AS score,
    number(entry.value ->> '$.value') AS value,
    number(entry.value ->> '$.baseline') AS baseline,
    entry.value ->> '$.phase' AS phase,
    COALESCE(TRY_CAST(entry.value ->> '$.key' AS BOOLEAN), FALSE) AS key_objective,
    COALESCE(number(entry.value ->> '$.weight'), 1) AS weight,
    entry.value ->> '$.waiver' AS waiver
FROM records
JOIN checks ON checks.id = records.id,
    json_each(records.document, '$.objectives') AS entry
WHERE json_type(records.document, '$.objectives') = 'OBJECT';
