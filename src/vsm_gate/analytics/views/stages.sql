-- The value stream by stage: the median time that a change spends in it, and the share that leaves
-- it without rework. `change`: from the first commit to the merge; accurate where the first check
-- let it pass. `main`: accurate where the first check after the merge let it pass. `production`:
-- from the merge to the end of the deployment; accurate where the deployment did not fail.
WITH first AS (
    SELECT
        team,
        time,
        CASE WHEN default_branch THEN 'main' ELSE 'change' END AS stage,
        verdict,
        ROW_NUMBER() OVER (
            PARTITION BY
                repository, team, job, default_branch,
                CASE WHEN default_branch THEN COALESCE(tested, CAST(number AS VARCHAR)) ELSE change_key END
            ORDER BY time, attempt, number
        ) AS place
    FROM checks
),
happened AS (
    SELECT team, time, stage, verdict <> 'fail' AS accurate, NULL AS seconds
    FROM first
    WHERE place = 1 AND verdict IN ('pass', 'warn', 'fail')
    UNION ALL
    SELECT deployments.team, deployments.finished, 'production', failures.record IS NULL, NULL
    FROM deployments
    LEFT JOIN failures ON failures.record = deployments.record
    UNION ALL
    SELECT team, merged, 'change', NULL, EXTRACT(EPOCH FROM merged - authored) FROM lead_times
    UNION ALL
    SELECT team, finished, 'production', NULL, EXTRACT(EPOCH FROM finished - merged)
    FROM lead_times
)
SELECT
    periods.period,
    happened.team,
    happened.stage,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY happened.seconds) AS seconds,
    COUNT(happened.seconds) AS timed,
    COUNT(*) FILTER (WHERE happened.accurate) AS accurate,
    COUNT(happened.accurate) AS entered
FROM happened
JOIN periods ON happened.time >= periods.since AND happened.time < periods.until
WHERE periods.period IN ('period', 'now', 'before')
GROUP BY GROUPING SETS (
    (periods.period, happened.team, happened.stage),
    (periods.period, happened.stage)
)
