-- What a deployment's changes measured, to hold against whether it failed: of each metric the value
-- of the change that looks worst by the metric's direction (`worst`: the sign that makes worse
-- larger). A deployment counts once, since its changes fail together. Those that failed are ranked
-- among the deployments of the same team and month only, so that a team that fails less, or came to
-- fail less, is not taken for a metric that foresees.
-- Team and month are one number meanwhile, and so is a metric: they are quicker to sort by.
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
strata AS (
    SELECT team, month, ROW_NUMBER() OVER (ORDER BY team, month) AS stratum
    FROM shipped
    GROUP BY team, month
),
held AS (
    SELECT strata.stratum, shipped.deployment, shipped.number, shipped.failed
    FROM shipped
    JOIN strata ON strata.team = shipped.team AND strata.month = shipped.month
),
measured AS (
    SELECT
        held.stratum,
        held.deployment,
        held.failed,
        directions.number AS metric,
        MAX(directions.worst * measurements.value) AS badness
    FROM held
    JOIN measurements ON measurements.record = held.number
    JOIN directions ON directions.metric = measurements.metric
    WHERE measurements.value IS NOT NULL
    GROUP BY held.stratum, held.deployment, held.failed, directions.number
    UNION ALL
    SELECT held.stratum, held.deployment, held.failed, 0, MAX(-checks.score)
    FROM held
    JOIN checks ON checks.number = held.number
    WHERE checks.score IS NOT NULL
    GROUP BY held.stratum, held.deployment, held.failed
),
ranked AS (
    SELECT
        stratum,
        metric,
        failed,
        RANK() OVER (PARTITION BY metric, stratum ORDER BY badness) AS first_place,
        COUNT(*) OVER (PARTITION BY metric, stratum ORDER BY badness) AS last_place
    FROM measured
)
SELECT
    strata.team,
    strata.month,
    COALESCE(directions.metric, 'quality.score') AS metric,
    COUNT(*) FILTER (WHERE ranked.failed) AS failed,
    COUNT(*) FILTER (WHERE NOT ranked.failed) AS fine,
    -- The sum of the ranks of those that failed, equal ones sharing theirs (Mann and Whitney).
    SUM((first_place + last_place) / 2.0) FILTER (WHERE ranked.failed) AS ranks
FROM ranked
JOIN strata ON strata.stratum = ranked.stratum
LEFT JOIN directions ON directions.number = ranked.metric
GROUP BY strata.team, strata.month, directions.metric
ORDER BY strata.team, strata.month, directions.metric
