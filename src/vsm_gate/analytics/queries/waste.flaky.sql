-- Flaky reruns: minutes of attempts that turned green with no code change, added up over the
-- commits judged in the period. n counts them.
SELECT
    'waste.flaky' AS metric,
    periods.period,
    wastes.team,
    SUM(wastes.minutes) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM wastes
JOIN periods ON wastes.time >= periods.since AND wastes.time < periods.until
WHERE wastes.metric = 'waste.flaky'
GROUP BY GROUPING SETS ((periods.period, wastes.team), (periods.period))
