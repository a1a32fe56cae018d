-- Production deployments of a commit, oldest first, and whether each failed: what risk is learnt of.
SELECT
    deployments.repository,
    deployments.commit_id,
    deployments.finished,
    failures.record IS NOT NULL AS failed
FROM deployments
LEFT JOIN failures ON failures.record = deployments.record
WHERE deployments.commit_id IS NOT NULL
ORDER BY deployments.finished, deployments.record
