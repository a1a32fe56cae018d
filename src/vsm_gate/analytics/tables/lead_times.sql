-- One row a change that a deployment was the first to carry to production, with the times at
-- which its first commit was authored and it was merged. Input: `deployed` (repository, commit_id,
-- change, authored, merged, kind), from git; `kind` is what its conventional commit calls it. The
-- first deployment of a repository carries everything before it, and has no row.
SELECT
    deployments.record AS deployment,
    deployments.repository,
    deployments.team,
    deployments.started,
    deployments.finished,
    deployed.change,
    deployed.authored,
    deployed.merged,
    deployed.kind
FROM deployed
JOIN deployments
    ON deployments.repository = deployed.repository
    AND deployments.commit_id = deployed.commit_id
    AND deployments.successful
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY deployed.repository, deployed.change
    ORDER BY deployments.finished, deployments.record
) = 1
