-- Why a metric is missing: the most frequent reason over changes at their last word.
WITH counted AS (
    SELECT
        measurements.metric,
        periods.period,
        checks.team,
        measurements.missing,
        COUNT(*) AS n
    FROM measurements
    JOIN checks ON checks.number = measurements.record
    JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
    WHERE checks.settled AND measurements.missing IS NOT NULL
        AND periods.period IN ('period', 'now', 'before')
    GROUP BY GROUPING SETS (
        (measurements.metric, periods.period, checks.team, measurements.missing),
        (measurements.metric, periods.period, measurements.missing)
    )
),
ranked AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY metric, period, team ORDER BY n DESC, missing) AS place
    FROM counted
)
SELECT metric, period, team, missing, n FROM ranked WHERE place = 1
