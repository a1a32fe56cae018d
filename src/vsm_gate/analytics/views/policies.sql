-- What the newest check of each team in the period asked for, objective by objective.
WITH last_times AS (
    SELECT checks.team, MAX(checks.time) AS time
    FROM checks
    JOIN periods ON periods.period = 'period'
        AND checks.time >= periods.since AND checks.time < periods.until
    GROUP BY checks.team
),
newest AS (
    SELECT checks.team, MIN(checks.number) AS number
    FROM checks
    JOIN last_times ON last_times.team = checks.team AND last_times.time = checks.time
    GROUP BY checks.team
)
SELECT
    newest.team, objectives.objective, objectives.metric, objectives.phase,
    objectives.key_objective, objectives.passes, objectives.warns, objectives.weight
FROM newest
JOIN objectives ON objectives.record = newest.number
ORDER BY newest.team, objectives.objective
