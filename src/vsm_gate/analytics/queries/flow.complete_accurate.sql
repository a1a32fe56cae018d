-- Complete and accurate, rolled: the product, over the stages that have data, of the share that
-- leaves the stage without rework. Stages: the first check of a pull request let it pass; it was
-- approved and nobody had asked for changes; the first check of a default-branch commit let it
-- pass; the deployment did not fail. n is the smallest stage's. See tables/passages.
WITH shares AS (
    SELECT
        periods.period,
        passages.team,
        passages.stage,
        1.0 * COUNT(*) FILTER (WHERE passages.accurate) / COUNT(*) AS share,
        COUNT(*) AS n
    FROM passages
    JOIN periods ON passages.time >= periods.since AND passages.time < periods.until
    WHERE passages.stage IN ('coding', 'review', 'main', 'deploy')
        AND passages.accurate IS NOT NULL
    GROUP BY GROUPING SETS (
        (periods.period, passages.team, passages.stage),
        (periods.period, passages.stage)
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
FROM shares
GROUP BY period, team
