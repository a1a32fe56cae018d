-- The newest 20 failed deployments of each component in the period.
WITH failed AS (
    SELECT
        failures.record,
        failures.recovered,
        tags.name AS component,
        ROW_NUMBER() OVER (
            PARTITION BY failures.team, tags.name ORDER BY failures.finished DESC, failures.record
        ) AS place
    FROM failures
    JOIN tags ON tags.record = failures.record AND tags.tag = 'component'
    JOIN periods ON periods.period = 'period'
        AND failures.finished >= periods.since AND failures.finished < periods.until
)
SELECT
    failed.component, deployments.team, deployments.repository, deployments.deployment,
    deployments.commit_id, deployments.finished, deployments.successful, failed.recovered
FROM failed
JOIN deployments ON deployments.record = failed.record
WHERE failed.place <= 20
ORDER BY deployments.team, failed.component, deployments.finished DESC, deployments.record
