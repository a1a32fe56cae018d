-- Precision of the gate: deployed changes that it had flagged (no pass) and that failed in
-- production ÷ deployed changes that it had flagged.
SELECT
    'governance.precision' AS metric,
    periods.period,
    carried.team,
    100.0 * COUNT(*) FILTER (WHERE carried.failed) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE carried.failed) AS numerator,
    COUNT(*) AS denominator
FROM carried
JOIN periods ON carried.finished >= periods.since AND carried.finished < periods.until
WHERE carried.flagged
GROUP BY GROUPING SETS ((periods.period, carried.team), (periods.period))
