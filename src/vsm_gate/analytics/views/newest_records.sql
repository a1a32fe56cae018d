-- The newest 200 check records of each team in the period, and how many there are in all.
SELECT
    checks.id, checks.time, checks.repository, checks.team, checks.tested, checks.branch,
    checks.pull_request, checks.score, checks.verdict, checks.blocked, checks.settled,
    checks.landed, COUNT(*) OVER (PARTITION BY checks.team) AS total
FROM checks
JOIN periods ON periods.period = 'period'
    AND checks.time >= periods.since AND checks.time < periods.until
QUALIFY ROW_NUMBER() OVER (PARTITION BY checks.team ORDER BY checks.time DESC, checks.id) <= 200
ORDER BY checks.team, checks.time DESC, checks.id
