-- The newest 20 failed deployments of each component in the period.
WITH deployed AS (
    SELECT record, team, repository, deployment, commit_id, finished, successful,
        UNNEST(components) AS component
    FROM deployments
)
SELECT deployed.*, failures.recovered
FROM deployed
JOIN failures ON failures.record = deployed.record
JOIN periods
    ON periods.period = 'period'
    AND deployed.finished >= periods.since
    AND deployed.finished < periods.until
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY deployed.team, deployed.component ORDER BY deployed.finished DESC, deployed.record
) <= 20
ORDER BY deployed.team, deployed.component, deployed.finished DESC, deployed.record
