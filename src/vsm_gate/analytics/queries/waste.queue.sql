-- Queueing: minutes that jobs waited for a runner, added up over the commits judged in the period.
-- n counts them.
SELECT
    'waste.queue' AS metric,
    periods.period,
    wastes.team,
    SUM(wastes.minutes) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM wastes
JOIN periods ON wastes.time >= periods.since AND wastes.time < periods.until
WHERE wastes.metric = 'waste.queue'
GROUP BY GROUPING SETS ((periods.period, wastes.team), (periods.period))
