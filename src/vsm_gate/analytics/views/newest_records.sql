-- The newest 200 check records of each team in the period, and how many there are in all.
WITH newest AS (
    SELECT
        checks.number,
        COUNT(*) OVER (PARTITION BY checks.team) AS total,
        ROW_NUMBER() OVER (PARTITION BY checks.team ORDER BY checks.time DESC, checks.number) AS place
    FROM checks
    JOIN periods ON periods.period = 'period'
        AND checks.time >= periods.since AND checks.time < periods.until
)
SELECT
    entries.id, checks.time, checks.repository, checks.team, checks.tested, entries.branch,
    checks.pull_request, checks.score, checks.verdict, checks.blocked, checks.settled,
    checks.landed, newest.total
FROM newest
JOIN checks ON checks.number = newest.number
JOIN entries ON entries.number = newest.number
WHERE newest.place <= 200
ORDER BY checks.team, checks.time DESC, checks.number
