-- Shift left: defects found by unit or integration tests ÷ defects found in the period, those of
-- later stages and of production among them.
SELECT
    'tests.shift_left' AS metric,
    periods.period,
    defects.team,
    100.0 * COUNT(*) FILTER (WHERE defects.stage IN ('unit', 'integration')) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE defects.stage IN ('unit', 'integration')) AS numerator,
    COUNT(*) AS denominator
FROM defects
JOIN periods ON defects.time >= periods.since AND defects.time < periods.until
GROUP BY GROUPING SETS ((periods.period, defects.team), (periods.period))
