-- One row a change that a deployment was the first to carry to production, with the times at
-- which its first commit was authored and it was merged. Input: `deployed` (repository, commit_id,
-- change, authored, merged), from git. The first deployment of a repository carries everything before it, and has no row.
CREATE OR REPLACE TABLE lead_times AS
SELECT
    deployments.record AS deployment,
    deployments.repository,
    deployments.team,
    deployments.finished,
    deployed.change,
    deployed.authored,
    deployed.merged
FROM deployed
JOIN deployments
    ON deployments.repository = deployed.repository
    AND deployments.commit_id = deployed.commit_id
    AND deployments.successful
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY deployed.repository, deployed.change ORDER BY deployments.finished
) = 1;
