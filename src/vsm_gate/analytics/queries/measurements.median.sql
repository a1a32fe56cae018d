-- A count or a duration: the median over changes at their last word. n counts changes with a value.
SELECT
    measurements.metric,
    periods.period,
    checks.team,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY measurements.value) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY measurements.value) AS lower_quartile,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY measurements.value) AS upper_quartile
FROM measurements
JOIN metrics ON metrics.metric = measurements.metric AND metrics.roll_up = 'median'
JOIN checks ON checks.number = measurements.record
JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
WHERE checks.settled AND measurements.value IS NOT NULL
GROUP BY GROUPING SETS (
    (measurements.metric, periods.period, checks.team),
    (measurements.metric, periods.period)
)
