-- Which production deployment carried which judged change, where commits say so: the check tested
-- the commit that was deployed, or that git finds among those it carried first.
-- `flagged`: the gate's last word on the commit was not a pass. `failed`: the deployment failed.
CREATE OR REPLACE TABLE carried AS
WITH commits AS (
    SELECT deployment, repository, change AS commit_id FROM lead_times
    UNION
    SELECT record AS deployment, repository, commit_id FROM deployments WHERE planned
),
judged AS (
    SELECT repository, tested, job, verdict
    FROM checks
    WHERE tested IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY repository, tested, job ORDER BY time DESC, attempt DESC, id DESC
    ) = 1
)
SELECT
    deployments.record AS deployment,
    deployments.team,
    deployments.finished,
    commits.commit_id,
    BOOL_OR(judged.verdict <> 'pass') AS flagged,
    MAX(CASE WHEN failures.record IS NULL THEN 0 ELSE 1 END) = 1 AS failed
FROM commits
JOIN deployments ON deployments.record = commits.deployment
JOIN judged ON judged.repository = commits.repository AND judged.tested = commits.commit_id
LEFT JOIN failures ON failures.record = deployments.record
GROUP BY deployments.record, deployments.team, deployments.finished, commits.commit_id;
