-- Late defects: defects found in acceptance or production by teams that test at an earlier stage.
-- n counts all defects found in the period.
SELECT
    'waste.late_defects' AS metric,
    periods.period,
    defects.team,
    COUNT(*) FILTER (WHERE defects.late) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM defects
JOIN periods ON defects.time >= periods.since AND defects.time < periods.until
GROUP BY GROUPING SETS ((periods.period, defects.team), (periods.period))
