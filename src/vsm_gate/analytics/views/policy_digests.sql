-- The first day of each policy of a team, by its digest, oldest first.
SELECT team, policy, DATE_TRUNC('day', MIN(time)) AS day
FROM checks
WHERE policy IS NOT NULL
GROUP BY team, policy
ORDER BY team, day, policy
