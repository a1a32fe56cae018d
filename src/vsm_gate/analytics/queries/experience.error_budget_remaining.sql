-- Error budget remaining: 1 − bad ÷ ((1 − target) × total), of the objective that has least left,
-- each at its newest reading in the period. Below 0: spent and overdrawn. n counts objectives.
WITH newest AS (
    SELECT
        periods.period,
        slo_readings.team,
        slo_readings.target,
        slo_readings.good,
        slo_readings.total,
        ROW_NUMBER() OVER (
            PARTITION BY
                periods.period, slo_readings.repository, slo_readings.name, slo_readings.span
            ORDER BY slo_readings.time DESC, slo_readings.record DESC
        ) AS place
    FROM slo_readings
    JOIN periods ON slo_readings.time >= periods.since AND slo_readings.time < periods.until
    WHERE slo_readings.total > 0 AND slo_readings.target < 100
)
SELECT
    'experience.error_budget_remaining' AS metric,
    period,
    team,
    MIN(100.0 * (1 - 100.0 * (total - good) / ((100 - target) * total))) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM newest
WHERE place = 1
GROUP BY GROUPING SETS ((period, team), (period))
