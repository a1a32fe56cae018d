-- False blocks: commits that the gate blocked and later let pass with no code change ÷ commits
-- that it blocked.
WITH blocks AS (
    SELECT repository, team, job, tested, MIN(time) AS time
    FROM checks
    WHERE blocked AND tested IS NOT NULL
    GROUP BY repository, team, job, tested
),
judged AS (
    SELECT
        blocks.team,
        blocks.time,
        COUNT(checks.number) > 0 AS wrong
    FROM blocks
    LEFT JOIN checks
        ON checks.repository = blocks.repository
        AND checks.team = blocks.team
        AND checks.job = blocks.job
        AND checks.tested = blocks.tested
        AND NOT checks.blocked
        AND checks.time > blocks.time
    GROUP BY blocks.repository, blocks.team, blocks.job, blocks.tested, blocks.time
)
SELECT
    'governance.false_block_rate' AS metric,
    periods.period,
    judged.team,
    100.0 * COUNT(*) FILTER (WHERE judged.wrong) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE judged.wrong) AS numerator,
    COUNT(*) AS denominator
FROM judged
JOIN periods ON judged.time >= periods.since AND judged.time < periods.until
GROUP BY GROUPING SETS ((periods.period, judged.team), (periods.period))
