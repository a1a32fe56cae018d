-- Production deployments of the whole period by component, and how many failed. A deployment of
-- several components counts for each.
WITH parts AS (
    SELECT deployments.record, deployments.team, deployments.finished, tags.name AS component
    FROM deployments
    JOIN tags ON tags.record = deployments.record AND tags.tag = 'component'
)
SELECT
    parts.team,
    parts.component,
    COUNT(*) AS deployments,
    COUNT(failures.record) AS failed
FROM parts
JOIN periods
    ON periods.period = 'period'
    AND parts.finished >= periods.since
    AND parts.finished < periods.until
LEFT JOIN failures ON failures.record = parts.record
GROUP BY parts.team, parts.component
ORDER BY parts.team, parts.component
