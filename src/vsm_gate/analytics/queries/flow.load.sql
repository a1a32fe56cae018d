-- Flow load: pull requests that are open at the end of the period. One that was neither merged nor
-- judged within four weeks of that end counts as given up. n counts those that were open at any
-- time in the period.
SELECT
    'flow.load' AS metric,
    periods.period,
    changes.team,
    COUNT(*) FILTER (
        WHERE changes.merged >= periods.until
            OR (changes.merged IS NULL AND changes.seen >= periods.until - INTERVAL '28' DAY)
    ) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM changes
JOIN periods
    ON changes.opened < periods.until
    AND COALESCE(changes.merged, changes.seen) >= periods.since
GROUP BY GROUPING SETS ((periods.period, changes.team), (periods.period))
