-- Cadence adherence: releases that succeeded within 24 hours of their planned time ÷ releases that
-- were planned in the period.
SELECT
    'delivery.cadence_adherence' AS metric,
    periods.period,
    releases.team,
    100.0 * COUNT(*) FILTER (
        WHERE releases.successful AND releases.finished <= releases.planned + INTERVAL '24' HOUR
    ) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (
        WHERE releases.successful AND releases.finished <= releases.planned + INTERVAL '24' HOUR
    ) AS numerator,
    COUNT(*) AS denominator
FROM releases
JOIN periods ON releases.planned >= periods.since AND releases.planned < periods.until
GROUP BY GROUPING SETS ((periods.period, releases.team), (periods.period))
