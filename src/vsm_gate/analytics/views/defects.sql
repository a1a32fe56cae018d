-- Defects by the stage that found them, and how many of them were found late.
SELECT
    periods.period,
    defects.team,
    defects.stage,
    COUNT(*) AS defects,
    COUNT(*) FILTER (WHERE defects.late) AS late
FROM defects
JOIN periods ON defects.time >= periods.since AND defects.time < periods.until
GROUP BY GROUPING SETS (
    (periods.period, defects.team, defects.stage),
    (periods.period, defects.stage)
)
