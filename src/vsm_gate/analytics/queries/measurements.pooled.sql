-- A rate of changes, pooled: all numerators ÷ all denominators over changes at their last word,
-- so that a large change weighs as much as it measures. n counts changes with a value.
-- Coverage of the whole code base is a state, not a sum: see measurements.latest.
SELECT
    measurements.metric,
    periods.period,
    checks.team,
    100.0 * SUM(measurements.numerator) / SUM(measurements.denominator) AS value,
    COUNT(*) AS n,
    CAST(SUM(measurements.numerator) AS BIGINT) AS numerator,
    CAST(SUM(measurements.denominator) AS BIGINT) AS denominator
FROM measurements
JOIN metrics ON metrics.metric = measurements.metric AND metrics.roll_up = 'pooled'
JOIN checks ON checks.number = measurements.record
JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
WHERE checks.settled
    AND measurements.value IS NOT NULL
    AND measurements.denominator > 0
GROUP BY GROUPING SETS (
    (measurements.metric, periods.period, checks.team),
    (measurements.metric, periods.period)
)
