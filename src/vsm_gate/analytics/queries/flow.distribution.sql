-- Flow distribution: features ÷ changes merged in the period of which it is known what they are:
-- feature, defect, risk or debt. All four are in views/distribution.
SELECT
    'flow.distribution' AS metric,
    periods.period,
    changes.team,
    100.0 * COUNT(*) FILTER (WHERE changes.work = 'feature') / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE changes.work = 'feature') AS numerator,
    COUNT(*) AS denominator
FROM changes
JOIN periods ON changes.merged >= periods.since AND changes.merged < periods.until
WHERE changes.work IS NOT NULL
GROUP BY GROUPING SETS ((periods.period, changes.team), (periods.period))
