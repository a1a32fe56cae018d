-- Which production deployment carried which judged change, where commits say so: the check tested
-- the commit that was deployed, or that git finds among those it carried first.
-- `flagged`: the gate's last word on the commit was not a pass. `failed`: the deployment failed.
-- `number` is the newest check of the commit.
WITH commits AS (
    SELECT deployment, repository, change AS commit_id FROM lead_times
    UNION
    SELECT record AS deployment, repository, commit_id FROM deployments WHERE planned
),
judged AS (
    SELECT checks.number, checks.repository, checks.tested, checks.verdict
    FROM checks
    WHERE checks.tested IN (SELECT commit_id FROM commits)
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY checks.repository, checks.tested, checks.job
        ORDER BY checks.time DESC, checks.attempt DESC, checks.number DESC
    ) = 1
)
SELECT
    deployments.record AS deployment,
    deployments.team,
    deployments.finished,
    commits.commit_id,
    MAX(judged.number) AS number,
    MAX(CASE WHEN judged.verdict <> 'pass' THEN 1 ELSE 0 END) = 1 AS flagged,
    MAX(CASE WHEN failures.record IS NULL THEN 0 ELSE 1 END) = 1 AS failed
FROM commits
JOIN deployments ON deployments.record = commits.deployment
JOIN judged ON judged.repository = commits.repository AND judged.tested = commits.commit_id
LEFT JOIN failures ON failures.record = deployments.record
GROUP BY deployments.record, deployments.team, deployments.finished, commits.commit_id
