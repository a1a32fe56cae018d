-- The newest 20 changes of each component in the period, at their last word.
WITH judged AS (
    SELECT
        id, time, repository, team, tested, branch, pull_request, score, verdict, blocked,
        UNNEST(components) AS component
    FROM checks
    WHERE settled
)
SELECT judged.*
FROM judged
JOIN periods
    ON periods.period = 'period' AND judged.time >= periods.since AND judged.time < periods.until
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY judged.team, judged.component ORDER BY judged.time DESC, judged.id
) <= 20
ORDER BY judged.team, judged.component, judged.time DESC, judged.id
