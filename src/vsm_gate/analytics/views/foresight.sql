-- Does the verdict predict production? Deployed changes by whether the gate had flagged them, and
-- how many of each failed.
SELECT
    periods.period,
    carried.team,
    COUNT(*) FILTER (WHERE carried.flagged) AS flagged,
    COUNT(*) FILTER (WHERE carried.flagged AND carried.failed) AS flagged_failed,
    COUNT(*) FILTER (WHERE NOT carried.flagged) AS passed,
    COUNT(*) FILTER (WHERE NOT carried.flagged AND carried.failed) AS passed_failed
FROM carried
JOIN periods ON carried.finished >= periods.since AND carried.finished < periods.until
GROUP BY GROUPING SETS ((periods.period, carried.team), (periods.period))
