-- SLO attainment: good ÷ total events, over the newest reading in the period of each objective.
-- n counts objectives.
WITH newest AS (
    SELECT
        periods.period,
        slo_readings.team,
        slo_readings.good,
        slo_readings.total,
        ROW_NUMBER() OVER (
            PARTITION BY
                periods.period, slo_readings.repository, slo_readings.name, slo_readings.span
            ORDER BY slo_readings.time DESC, slo_readings.record DESC
        ) AS place
    FROM slo_readings
    JOIN periods ON slo_readings.time >= periods.since AND slo_readings.time < periods.until
    WHERE slo_readings.total > 0
)
SELECT
    'experience.slo_attainment' AS metric,
    period,
    team,
    100.0 * SUM(good) / SUM(total) AS value,
    COUNT(*) AS n,
    CAST(SUM(good) AS BIGINT) AS numerator,
    CAST(SUM(total) AS BIGINT) AS denominator
FROM newest
WHERE place = 1
GROUP BY GROUPING SETS ((period, team), (period))
