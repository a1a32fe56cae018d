-- One row an objective of a check record.
CREATE TABLE objectives AS
WITH entries AS (
    SELECT id, UNNEST(MAP_ENTRIES(said.objectives)) AS entry FROM records WHERE kind = 'check'
)
SELECT
    checks.id AS record,
    checks.time,
    checks.repository,
    checks.team,
    checks.settled,
    entry.key AS objective,
    entry.value.metric AS metric,
    COALESCE(entry.value.status, 'missing') AS status,
    number(entry.value.score) AS score,
    number(entry.value.value) AS value,
    number(entry.value.baseline) AS baseline,
    entry.value.phase AS phase,
    COALESCE(number(entry.value.weight), 1) AS weight,
    entry.value.waiver AS waiver
FROM entries
JOIN checks ON checks.id = entries.id;
