-- Each component by period: production deployments, how many failed, and the changes at their last
-- word that touch it. What is of several components counts for each.
WITH happened AS (
    SELECT
        deployments.team,
        tags.name AS component,
        deployments.finished AS time,
        1 AS deployment,
        CASE WHEN failures.record IS NULL THEN 0 ELSE 1 END AS failure,
        0 AS change,
        CAST(NULL AS DOUBLE) AS score
    FROM deployments
    JOIN tags ON tags.record = deployments.record AND tags.tag = 'component'
    LEFT JOIN failures ON failures.record = deployments.record
    UNION ALL
    SELECT checks.team, tags.name, checks.time, 0, 0, 1, checks.score
    FROM checks
    JOIN tags ON tags.record = checks.number AND tags.tag = 'component'
    WHERE checks.settled
)
SELECT
    happened.team,
    happened.component,
    periods.period,
    SUM(happened.deployment) AS deployments,
    SUM(happened.failure) AS failed,
    SUM(happened.change) AS changes,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY happened.score) AS median
FROM happened
JOIN periods ON happened.time >= periods.since AND happened.time < periods.until
GROUP BY happened.team, happened.component, periods.period
ORDER BY happened.team, happened.component, periods.period
