-- Gate minutes: time that the gate itself took, added up over the checks of the period that say.
-- n counts them.
SELECT
    'governance.gate_minutes' AS metric,
    periods.period,
    checks.team,
    SUM(checks.gate_seconds) / 60.0 AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM checks
JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
WHERE checks.gate_seconds IS NOT NULL
GROUP BY GROUPING SETS ((periods.period, checks.team), (periods.period))
