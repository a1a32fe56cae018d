-- Apdex: (satisfied + tolerating ÷ 2) ÷ samples, over the newest reading in the period of each
-- service level objective that says how many were tolerating. n counts objectives.
WITH newest AS (
    SELECT
        periods.period,
        slo_readings.team,
        slo_readings.good,
        slo_readings.tolerating,
        slo_readings.total,
        ROW_NUMBER() OVER (
            PARTITION BY
                periods.period, slo_readings.repository, slo_readings.name, slo_readings.span
            ORDER BY slo_readings.time DESC, slo_readings.record DESC
        ) AS place
    FROM slo_readings
    JOIN periods ON slo_readings.time >= periods.since AND slo_readings.time < periods.until
    WHERE slo_readings.total > 0 AND slo_readings.tolerating IS NOT NULL
)
SELECT
    'experience.apdex' AS metric,
    period,
    team,
    (SUM(good) + SUM(tolerating) / 2.0) / SUM(total) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM newest
WHERE place = 1
GROUP BY GROUPING SETS ((period, team), (period))
