-- One row a waste that runs of a commit measured, in minutes: every job of a run tells of the same
-- run, so the largest counts. What a review is waited for is told by the change, once.
SELECT
    measurements.metric,
    checks.repository,
    checks.team,
    MAX(checks.time) AS time,
    MAX(measurements.value) AS minutes
FROM measurements
JOIN checks ON checks.number = measurements.record
JOIN entries ON entries.number = measurements.record
WHERE measurements.metric IN ('waste.queue', 'waste.rerun', 'waste.flaky', 'waste.review_wait')
    AND measurements.value IS NOT NULL
GROUP BY
    measurements.metric,
    checks.repository,
    checks.team,
    CASE
        WHEN measurements.metric = 'waste.review_wait' THEN COALESCE('#' || entries.origin, checks.change_key)
        ELSE COALESCE(checks.tested, checks.change_key)
    END
