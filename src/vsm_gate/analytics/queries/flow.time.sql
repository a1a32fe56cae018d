-- Flow time: median(merged − first commit authored) in seconds, over the changes that were merged in
-- the period and of which both are known. n counts changes.
WITH spans AS (
    SELECT team, merged, EXTRACT(EPOCH FROM merged - first_commit) AS seconds
    FROM changes
    WHERE first_commit <= merged
)
SELECT
    'flow.time' AS metric,
    periods.period,
    spans.team,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY spans.seconds) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY spans.seconds) AS lower_quartile,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY spans.seconds) AS upper_quartile
FROM spans
JOIN periods ON spans.merged >= periods.since AND spans.merged < periods.until
GROUP BY GROUPING SETS ((periods.period, spans.team), (periods.period))
