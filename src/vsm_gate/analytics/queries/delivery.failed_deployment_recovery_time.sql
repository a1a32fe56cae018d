-- Failed deployment recovery time: median(recovered − failed deployment finished) in seconds, over
-- the failures of the period that are over. n counts them.
WITH spans AS (
    SELECT team, finished, EXTRACT(EPOCH FROM recovered - finished) AS seconds
    FROM failures
    WHERE recovered IS NOT NULL
)
SELECT
    'delivery.failed_deployment_recovery_time' AS metric,
    periods.period,
    spans.team,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY spans.seconds) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY spans.seconds) AS lower_quartile,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY spans.seconds) AS upper_quartile
FROM spans
JOIN periods ON spans.finished >= periods.since AND spans.finished < periods.until
GROUP BY GROUPING SETS ((periods.period, spans.team), (periods.period))
