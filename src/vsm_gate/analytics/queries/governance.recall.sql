-- Recall of the gate: deployed changes that failed in production and that it had flagged (no pass)
-- ÷ deployed changes that failed in production.
SELECT
    'governance.recall' AS metric,
    periods.period,
    carried.team,
    100.0 * COUNT(*) FILTER (WHERE carried.flagged) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE carried.flagged) AS numerator,
    COUNT(*) AS denominator
FROM carried
JOIN periods ON carried.finished >= periods.since AND carried.finished < periods.until
WHERE carried.failed
GROUP BY GROUPING SETS ((periods.period, carried.team), (periods.period))
