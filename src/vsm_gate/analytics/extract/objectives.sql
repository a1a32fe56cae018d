-- One row an objective of a check. `record` is the number of the check.
WITH said_of AS (SELECT number, UNNEST(MAP_ENTRIES(said.objectives)) AS entry FROM parsed)
SELECT
    number AS record,
    entry.key AS objective,
    entry.value.metric AS metric,
    COALESCE(entry.value.status, 'missing') AS status,
    score_of(entry.value.score) AS score,
    COALESCE(number(entry.value.weight), 1) AS weight,
    entry.value.waiver AS waiver,
    entry.value.phase AS phase,
    COALESCE(TRY_CAST(entry.value.key AS BOOLEAN), FALSE) AS key_objective,
    entry.value.pass AS passes,
    entry.value.warn AS warns,
    entry.value.level AS level
FROM said_of
ORDER BY objective, record
