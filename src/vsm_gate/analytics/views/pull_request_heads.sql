-- The newest head of each pull request that was checked.
SELECT repository, pull_request, head
FROM checks
WHERE settled AND pull_request IS NOT NULL AND head IS NOT NULL
ORDER BY time
