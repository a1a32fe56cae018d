-- Deployment frequency: successful production deployments ÷ days of the period. Releases stand in
-- for a team that recorded no deployment. n counts deployments or releases.
WITH delivered AS (
    SELECT team, finished FROM deployments WHERE successful
    UNION ALL
    SELECT team, finished
    FROM releases
    WHERE successful AND team NOT IN (SELECT team FROM deployments)
)
SELECT
    'delivery.deployment_frequency' AS metric,
    periods.period,
    delivered.team,
    COUNT(*) / MAX(periods.days) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM delivered
JOIN periods ON delivered.finished >= periods.since AND delivered.finished < periods.until
GROUP BY GROUPING SETS ((periods.period, delivered.team), (periods.period))
