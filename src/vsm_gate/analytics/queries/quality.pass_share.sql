-- Changes that passed: changes whose last verdict is pass ÷ changes.
SELECT
    'quality.pass_share' AS metric,
    periods.period,
    checks.team,
    100.0 * COUNT(*) FILTER (WHERE checks.verdict = 'pass') / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE checks.verdict = 'pass') AS numerator,
    COUNT(*) AS denominator
FROM checks
JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
WHERE checks.settled
GROUP BY GROUPING SETS ((periods.period, checks.team), (periods.period))
