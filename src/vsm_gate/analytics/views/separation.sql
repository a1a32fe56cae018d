-- What a deployment's changes measured, to hold against whether it failed: of each metric the value
-- of the change that looks worst by the metric's direction (`worst`: the sign that makes worse
-- larger). A deployment counts once, since its changes fail together. Those that failed are ranked
-- among the deployments of the same team and month only, so that a team that fails less, or came to
-- fail less, is not taken for a metric that foresees.
WITH shipped AS (
    SELECT
        carried.team,
        carried.deployment,
        carried.number,
        carried.failed,
        DATE_TRUNC('month', carried.finished) AS month
    FROM carried
    JOIN periods ON periods.period = 'period'
        AND carried.finished >= periods.since AND carried.finished < periods.until
),
measured AS (
    SELECT
        shipped.team,
        shipped.month,
        shipped.deployment,
        shipped.failed,
        directions.metric,
        MAX(directions.worst * measurements.value) AS badness
    FROM shipped
    JOIN measurements ON measurements.record = shipped.number
    JOIN directions ON directions.metric = measurements.metric
    WHERE measurements.value IS NOT NULL
    GROUP BY
        shipped.team, shipped.month, shipped.deployment, shipped.failed, directions.metric
    UNION ALL
    SELECT
        shipped.team,
        shipped.month,
        shipped.deployment,
        shipped.failed,
        'quality.score',
        MAX(-checks.score)
    FROM shipped
    JOIN checks ON checks.number = shipped.number
    WHERE checks.score IS NOT NULL
    GROUP BY shipped.team, shipped.month, shipped.deployment, shipped.failed
),
ranked AS (
    SELECT
        team,
        month,
        metric,
        failed,
        RANK() OVER (PARTITION BY metric, team, month ORDER BY badness) AS place,
        COUNT(*) OVER (PARTITION BY metric, team, month, badness) AS ties
    FROM measured
)
SELECT
    team,
    month,
    metric,
    COUNT(*) FILTER (WHERE failed) AS failed,
    COUNT(*) FILTER (WHERE NOT failed) AS fine,
    -- The sum of the ranks of those that failed, equal ones sharing theirs (Mann and Whitney).
    SUM(CASE WHEN failed THEN place + (ties - 1) / 2.0 ELSE 0 END) AS ranks
FROM ranked
GROUP BY team, month, metric
ORDER BY team, month, metric
