-- Gate score: the median over changes, each at its last word. n counts changes with a score.
SELECT
    'quality.score' AS metric,
    periods.period,
    checks.team,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY checks.score) AS value,
    COUNT(checks.score) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY checks.score) AS lower_quartile,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY checks.score) AS upper_quartile
FROM checks
JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
WHERE checks.settled AND checks.score IS NOT NULL
GROUP BY GROUPING SETS ((periods.period, checks.team), (periods.period))
