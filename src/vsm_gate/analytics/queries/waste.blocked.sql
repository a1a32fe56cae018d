-- Blocked without cause: minutes from the first red check of a commit to its next green one, with
-- no code change between. The sum over the commits that turned green in the period; n counts them.
WITH red AS (
    SELECT repository, team, job, tested, MIN(time) AS time
    FROM checks
    WHERE verdict NOT IN ('pass', 'warn') AND tested IS NOT NULL
    GROUP BY repository, team, job, tested
),
turned AS (
    SELECT red.team, red.time AS red, MIN(checks.time) AS green
    FROM red
    JOIN checks
        ON checks.repository = red.repository
        AND checks.team = red.team
        AND checks.job = red.job
        AND checks.tested = red.tested
        AND checks.verdict IN ('pass', 'warn')
        AND checks.time > red.time
    GROUP BY red.repository, red.team, red.job, red.tested, red.time
)
SELECT
    'waste.blocked' AS metric,
    periods.period,
    turned.team,
    SUM(EXTRACT(EPOCH FROM turned.green - turned.red)) / 60.0 AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM turned
JOIN periods ON turned.green >= periods.since AND turned.green < periods.until
GROUP BY GROUPING SETS ((periods.period, turned.team), (periods.period))
