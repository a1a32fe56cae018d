-- The newest head of each pull request that was checked.
SELECT checks.repository, checks.pull_request, entries.head
FROM checks
JOIN entries ON entries.number = checks.number
WHERE checks.settled AND checks.pull_request IS NOT NULL AND entries.head IS NOT NULL
ORDER BY checks.time
