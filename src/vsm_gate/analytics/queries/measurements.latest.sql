-- A state of the code base: the newest default-branch record of each repository in the period,
-- all numerators ÷ all denominators over repositories. n counts repositories.
WITH ranked AS (
    SELECT
        measurements.metric,
        periods.period,
        checks.team,
        measurements.numerator,
        measurements.denominator,
        ROW_NUMBER() OVER (
            PARTITION BY
                measurements.metric,
                periods.period,
                checks.team,
                checks.repository
            ORDER BY checks.time DESC, checks.number DESC
        ) AS place
    FROM measurements
    JOIN metrics ON metrics.metric = measurements.metric AND metrics.roll_up = 'latest'
    JOIN checks ON checks.number = measurements.record
    JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
    WHERE checks.default_branch
        AND measurements.value IS NOT NULL
        AND measurements.denominator > 0
)
SELECT
    metric,
    period,
    team,
    100.0 * SUM(numerator) / SUM(denominator) AS value,
    COUNT(*) AS n,
    CAST(SUM(numerator) AS BIGINT) AS numerator,
    CAST(SUM(denominator) AS BIGINT) AS denominator
FROM ranked
WHERE place = 1
GROUP BY GROUPING SETS ((metric, period, team), (metric, period))
