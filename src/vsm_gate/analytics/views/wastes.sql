-- Waste that runs and reviews measured: the sum and the median, in minutes, over n commits (for
-- waste.review_wait: changes).
SELECT
    wastes.metric,
    periods.period,
    wastes.team,
    SUM(wastes.minutes) AS total,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY wastes.minutes) AS median,
    COUNT(*) AS n
FROM wastes
JOIN periods ON wastes.time >= periods.since AND wastes.time < periods.until
GROUP BY GROUPING SETS (
    (wastes.metric, periods.period, wastes.team),
    (wastes.metric, periods.period)
)
