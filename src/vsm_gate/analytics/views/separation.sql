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
equal AS (
    SELECT
        team,
        month,
        metric,
        badness,
        COUNT(*) AS ties,
        COUNT(*) FILTER (WHERE failed) AS failed
    FROM measured
    GROUP BY team, month, metric, badness
),
ranked AS (
    SELECT
        *,
        SUM(ties) OVER (PARTITION BY metric, team, month ORDER BY badness) AS last_place
    FROM equal
)
SELECT
    team,
    month,
    metric,
    CAST(SUM(failed) AS BIGINT) AS failed,
    CAST(SUM(ties - failed) AS BIGINT) AS fine,
    -- The sum of the ranks of those that failed, equal ones sharing theirs (Mann and Whitney).
    SUM(failed * (last_place - (ties - 1) / 2.0)) AS ranks
FROM ranked
GROUP BY team, month, metric
ORDER BY team, month, metric
