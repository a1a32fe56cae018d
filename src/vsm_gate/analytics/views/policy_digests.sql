-- The first day of each policy of a team, by its digest, oldest first.
SELECT checks.team, entries.policy, DATE_TRUNC('day', MIN(checks.time)) AS day
FROM checks
JOIN entries ON entries.number = checks.number
WHERE entries.policy IS NOT NULL
GROUP BY checks.team, entries.policy
ORDER BY team, day, policy
