-- The newest 100 production deployments of each team in the period, and how many there are in all:
-- what the figures of delivery are made of.
SELECT
    entries.id AS record, deployments.team, deployments.repository, deployments.deployment,
    deployments.commit_id, deployments.finished, deployments.successful, deployments.planned,
    failures.record IS NOT NULL AS failed, failures.recovered,
    COUNT(*) OVER (PARTITION BY deployments.team) AS total
FROM deployments
JOIN entries ON entries.number = deployments.record
JOIN periods ON periods.period = 'period'
    AND deployments.finished >= periods.since AND deployments.finished < periods.until
LEFT JOIN failures ON failures.record = deployments.record
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY deployments.team ORDER BY deployments.finished DESC, deployments.record
) <= 100
ORDER BY deployments.team, deployments.finished DESC, deployments.record
