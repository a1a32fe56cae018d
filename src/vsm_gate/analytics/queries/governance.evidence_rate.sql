-- Evidence rate: commits of the default branch with a record ÷ all commits of the default branch,
-- as far as this clone has them, from the first recorded one on. Input: `trunk`, from git.
WITH recorded AS (
    SELECT DISTINCT repository, tested FROM checks WHERE default_branch
),
judged AS (
    SELECT
        trunk.team,
        trunk.time,
        recorded.tested IS NOT NULL AS present
    FROM trunk
    LEFT JOIN recorded
        ON recorded.repository = trunk.repository AND recorded.tested = trunk.commit_id
)
SELECT
    'governance.evidence_rate' AS metric,
    periods.period,
    judged.team,
    100.0 * COUNT(*) FILTER (WHERE judged.present) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE judged.present) AS numerator,
    COUNT(*) AS denominator
FROM judged
JOIN periods ON judged.time >= periods.since AND judged.time < periods.until
GROUP BY GROUPING SETS ((periods.period, judged.team), (periods.period))
