-- What the newest check of each team in the period asked for, objective by objective.
WITH newest AS (
    SELECT
        checks.number,
        ROW_NUMBER() OVER (PARTITION BY checks.team ORDER BY checks.time DESC, checks.number) AS place
    FROM checks
    JOIN periods ON periods.period = 'period'
        AND checks.time >= periods.since AND checks.time < periods.until
)
SELECT
    checks.team, objectives.objective, objectives.metric, objectives.phase,
    objectives.key_objective, objectives.passes, objectives.warns, objectives.weight
FROM newest
JOIN checks ON checks.number = newest.number
JOIN objectives ON objectives.record = newest.number
WHERE newest.place = 1
ORDER BY checks.team, objectives.objective
