-- Complete and accurate, rolled: the product, over the stages that have data, of the share that
-- leaves the stage without rework. Stages: the first check of a pull request let it pass; the
-- first check of a default-branch commit let it pass; the deployment did not fail. n is the
-- smallest stage's.
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
entered AS (
    SELECT team, time, stage, verdict IN ('pass', 'warn') AS accurate
    FROM first
    WHERE place = 1 AND verdict IN ('pass', 'warn', 'fail')
    UNION ALL
    SELECT deployments.team, deployments.finished, 'production', failures.record IS NULL
    FROM deployments
    LEFT JOIN failures ON failures.record = deployments.record
),
stages AS (
    SELECT
        periods.period,
        entered.team,
        entered.stage,
        1.0 * COUNT(*) FILTER (WHERE entered.accurate) / COUNT(*) AS share,
        COUNT(*) AS n
    FROM entered
    JOIN periods ON entered.time >= periods.since AND entered.time < periods.until
    GROUP BY GROUPING SETS (
        (periods.period, entered.team, entered.stage),
        (periods.period, entered.stage)
    )
)
SELECT
    'flow.complete_accurate' AS metric,
    period,
    team,
    CASE WHEN MIN(share) = 0 THEN 0 ELSE 100.0 * EXP(SUM(LN(NULLIF(share, 0)))) END AS value,
    MIN(n) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM stages
GROUP BY period, team
