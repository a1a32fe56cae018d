-- Change lead time: median(deployment finished − first commit authored) in seconds, over the
-- changes that a deployment of the period was the first to carry. n counts changes.
WITH spans AS (
    SELECT team, finished, EXTRACT(EPOCH FROM finished - authored) AS seconds
    FROM lead_times
)
SELECT
    'delivery.change_lead_time' AS metric,
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
