-- A count or a duration: the median over changes at their last word. n counts changes with a value.
WITH summed AS (
    SELECT
        measurements.metric,
        periods.period,
        checks.team,
        PERCENTILE_CONT([0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY measurements.value) AS quartiles,
        COUNT(*) AS n
    FROM measurements
    JOIN metrics ON metrics.metric = measurements.metric AND metrics.roll_up = 'median'
    JOIN checks ON checks.number = measurements.record
    JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
    WHERE checks.settled AND measurements.value IS NOT NULL
    GROUP BY GROUPING SETS (
        (measurements.metric, periods.period, checks.team),
        (measurements.metric, periods.period)
    )
)
SELECT
    metric,
    period,
    team,
    quartiles[2] AS value,
    n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    quartiles[1] AS lower_quartile,
    quartiles[3] AS upper_quartile
FROM summed
