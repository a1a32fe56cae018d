-- Change lead time: median(deployment finished − first commit authored) in seconds, over the
-- changes that a deployment of the period was the first to carry. n counts changes.
WITH spans AS (
    SELECT team, finished, EXTRACT(EPOCH FROM finished - authored) AS seconds
    FROM lead_times
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
    'delivery.change_lead_time' AS metric,
    period,
    team,
    quartiles[2] AS value,
    n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    quartiles[1] AS lower_quartile,
    quartiles[3] AS upper_quartile
FROM summed
