-- Flow time: median(merged − first commit authored) in seconds, over the changes that were merged in
-- the period and of which both are known. n counts changes.
WITH spans AS (
    SELECT team, merged, EXTRACT(EPOCH FROM merged - first_commit) AS seconds
    FROM changes
    WHERE first_commit <= merged
),
summed AS (
    SELECT
        periods.period,
        spans.team,
        PERCENTILE_CONT([0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY spans.seconds) AS quartiles,
        COUNT(*) AS n
    FROM spans
    JOIN periods ON spans.merged >= periods.since AND spans.merged < periods.until
    GROUP BY GROUPING SETS ((periods.period, spans.team), (periods.period))
)
SELECT
    'flow.time' AS metric,
    period,
    team,
    quartiles[2] AS value,
    n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    quartiles[1] AS lower_quartile,
    quartiles[3] AS upper_quartile
FROM summed
