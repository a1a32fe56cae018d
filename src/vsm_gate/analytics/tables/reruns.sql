-- One row a commit that a job judged more than once: `flaky` where its tests failed in one of the
-- runs and not in another, with no code change between.
SELECT
    checks.repository,
    checks.team,
    MAX(checks.time) AS time,
    MIN(measurements.value) = 0 AND MAX(measurements.value) > 0 AS flaky
FROM checks
JOIN measurements
    ON measurements.record = checks.number
    AND measurements.metric = 'tests.failed'
    AND measurements.value IS NOT NULL
WHERE checks.tested IS NOT NULL
GROUP BY checks.repository, checks.team, checks.job, checks.tested
HAVING COUNT(*) > 1
