-- Every check record of one team ($1) in the period, newest first: what all figures about its
-- changes are made of.
SELECT
    entries.id, checks.time, checks.repository, checks.team, checks.tested, entries.branch,
    entries.event, checks.pull_request, checks.attempt, checks.job, entries.files, checks.lines,
    checks.score, entries.level, entries.evidence_rate, checks.verdict, checks.conclusion,
    checks.blocked, checks.would_block, checks.waivers, checks.break_glass, checks.settled,
    checks.landed
FROM checks
JOIN entries ON entries.number = checks.number
JOIN periods ON periods.period = 'period'
    AND checks.time >= periods.since AND checks.time < periods.until
WHERE checks.team = $1
ORDER BY checks.time DESC, checks.number
