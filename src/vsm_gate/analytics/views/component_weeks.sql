-- Each component by calendar week: production deployments, how many failed, and the changes at
-- their last word that touch it. One of several components counts for each.
WITH deployed AS (
    SELECT record, team, finished, UNNEST(components) AS component FROM deployments
),
judged AS (
    SELECT team, time, score, UNNEST(components) AS component FROM checks WHERE settled
),
happened AS (
    SELECT
        deployed.team,
        deployed.component,
        deployed.finished AS time,
        1 AS deployment,
        CASE WHEN failures.record IS NULL THEN 0 ELSE 1 END AS failure,
        0 AS change,
        CAST(NULL AS DOUBLE) AS score
    FROM deployed
    LEFT JOIN failures ON failures.record = deployed.record
    UNION ALL
    SELECT team, component, time, 0, 0, 1, score FROM judged
)
SELECT
    happened.team,
    happened.component,
    periods.period,
    SUM(happened.deployment) AS deployments,
    SUM(happened.failure) AS failed,
    SUM(happened.change) AS changes,
    COUNT(happened.score) AS scored,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY happened.score) AS median
FROM happened
JOIN periods ON happened.time >= periods.since AND happened.time < periods.until
GROUP BY happened.team, happened.component, periods.period
ORDER BY happened.team, happened.component, periods.period
