-- Every check record of one team ($1) in the period, newest first: what all figures about its
-- changes are made of.
SELECT
    checks.id, checks.time, checks.repository, checks.team, checks.tested, checks.branch,
    checks.event, checks.pull_request, checks.attempt, checks.job, checks.files, checks.lines,
    checks.score, checks.level, checks.evidence_rate, checks.verdict, checks.conclusion,
    checks.blocked, checks.would_block, checks.waivers, checks.break_glass, checks.settled, checks.landed
FROM checks
JOIN periods ON periods.period = 'period'
    AND checks.time >= periods.since AND checks.time < periods.until
WHERE checks.team = $1
ORDER BY checks.time DESC, checks.id
