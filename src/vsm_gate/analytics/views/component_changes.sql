-- The newest 20 changes of each component in the period, at their last word.
WITH judged AS (
    SELECT
        checks.number,
        tags.name AS component,
        ROW_NUMBER() OVER (
            PARTITION BY checks.team, tags.name ORDER BY checks.time DESC, checks.number
        ) AS place
    FROM checks
    JOIN tags ON tags.record = checks.number AND tags.tag = 'component'
    JOIN periods ON periods.period = 'period'
        AND checks.time >= periods.since AND checks.time < periods.until
    WHERE checks.settled
)
SELECT
    judged.component, entries.id, checks.time, checks.repository, checks.team, checks.tested,
    entries.branch, checks.pull_request, checks.score, checks.verdict, checks.blocked
FROM judged
JOIN checks ON checks.number = judged.number
JOIN entries ON entries.number = judged.number
WHERE judged.place <= 20
ORDER BY checks.team, judged.component, checks.time DESC, checks.number
