-- Changes by their last verdict, and how they were let through.
SELECT
    periods.period,
    checks.team,
    COUNT(*) AS changes,
    COUNT(*) FILTER (WHERE checks.verdict = 'pass') AS pass,
    COUNT(*) FILTER (WHERE checks.verdict = 'warn') AS warn,
    COUNT(*) FILTER (WHERE checks.verdict = 'fail') AS fail,
    COUNT(*) FILTER (WHERE checks.verdict NOT IN ('pass', 'warn', 'fail')) AS inconclusive,
    COUNT(*) FILTER (WHERE checks.blocked) AS blocked,
    COUNT(*) FILTER (WHERE checks.would_block AND NOT checks.blocked) AS would_block,
    COUNT(*) FILTER (WHERE checks.waivers > 0) AS waived,
    COUNT(*) FILTER (WHERE checks.break_glass) AS break_glass
FROM checks
JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
WHERE checks.settled
GROUP BY GROUPING SETS ((periods.period, checks.team), (periods.period))
