-- Flow velocity: changes finished, that is merged, in the period.
SELECT
    'flow.velocity' AS metric,
    periods.period,
    changes.team,
    COUNT(*) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM changes
JOIN periods ON changes.merged >= periods.since AND changes.merged < periods.until
GROUP BY GROUPING SETS ((periods.period, changes.team), (periods.period))
