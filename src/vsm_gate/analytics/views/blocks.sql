-- Changes that the gate blocked at any time in the period, whatever became of them.
SELECT
    periods.period,
    checks.team,
    COUNT(DISTINCT checks.repository || ' ' || checks.job || ' ' || checks.change_key) AS blocked
FROM checks
JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
WHERE checks.blocked AND periods.period IN ('period', 'now', 'before')
GROUP BY GROUPING SETS ((periods.period, checks.team), (periods.period))
