-- Failed deployment recovery time: median(recovered − failed deployment finished) in seconds, over
-- the failures of the period that are over. n counts them.
WITH spans AS (
    SELECT team, finished, EXTRACT(EPOCH FROM recovered - finished) AS seconds
    FROM failures
    WHERE recovered IS NOT NULL
),
summed AS (
    SELECT
        periods.period,
        spans.team,
        PERCENTILE_CONT([0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY spans.seconds) AS quartiles,
        COUNT(*) AS n
    FROM spans
    JOIN periods ON spans.finished >= periods.since AND spans.finished < periods.until
    GROUP BY GROUPING SETS ((periods.period, spans.team), (periods.period))
)
SELECT
    'delivery.failed_deployment_recovery_time' AS metric,
    period,
    team,
    quartiles[2] AS value,
    n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    quartiles[1] AS lower_quartile,
    quartiles[3] AS upper_quartile
FROM summed
