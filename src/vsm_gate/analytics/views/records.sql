-- The newest $1 check records of each team in the period, team by team and newest first, and how
-- many there are in all: what all figures about its changes are made of.
WITH placed AS (
    SELECT
        checks.number,
        COUNT(*) OVER (PARTITION BY checks.team) AS total,
        ROW_NUMBER() OVER (PARTITION BY checks.team ORDER BY checks.time DESC, checks.number) AS place
    FROM checks
    JOIN periods ON periods.period = 'period'
        AND checks.time >= periods.since AND checks.time < periods.until
),
newest AS (
    SELECT number, total FROM placed WHERE place <= CAST($1 AS BIGINT)
)
SELECT
    entries.id, checks.time, checks.repository, checks.team, checks.tested, entries.branch,
    entries.event, checks.pull_request, checks.attempt, checks.job, entries.files, checks.lines,
    checks.score, entries.level, entries.evidence_rate, checks.verdict, checks.conclusion,
    checks.blocked, checks.would_block, checks.waivers, checks.break_glass, checks.settled,
    checks.landed, newest.total
FROM newest
JOIN checks ON checks.number = newest.number
JOIN entries ON entries.number = newest.number
ORDER BY checks.team, checks.time DESC, checks.number
