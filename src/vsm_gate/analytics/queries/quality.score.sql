-- Gate score: the median over changes, each at its last word. n counts changes with a score.
WITH summed AS (
    SELECT
        periods.period,
        checks.team,
        PERCENTILE_CONT([0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY checks.score) AS quartiles,
        COUNT(*) AS n
    FROM checks
    JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
    WHERE checks.settled AND checks.score IS NOT NULL
    GROUP BY GROUPING SETS ((periods.period, checks.team), (periods.period))
)
SELECT
    'quality.score' AS metric,
    period,
    team,
    quartiles[2] AS value,
    n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    quartiles[1] AS lower_quartile,
    quartiles[3] AS upper_quartile
FROM summed
