-- Segregation of duties: changes whose last commit, or whose pull request as it was merged, somebody
-- other than its author approved ÷ changes of the teams that record approvals, where the author is
-- known.
WITH approved AS (
    SELECT checks.number
    FROM checks
    JOIN approvals
        ON approvals.repository = checks.repository AND approvals.commit_id = checks.tested
    WHERE approvals.approver <> checks.author
    UNION
    SELECT checks.number
    FROM checks
    JOIN approvals
        ON approvals.repository = checks.repository AND approvals.commit_id = checks.head
    WHERE approvals.approver <> checks.author
    UNION
    SELECT checks.number
    FROM checks
    JOIN approvals
        ON approvals.repository = checks.repository
        AND approvals.pull_request = checks.pull_request
    WHERE approvals.approver <> checks.author
),
judged AS (
    SELECT checks.team, checks.time, approved.number IS NOT NULL AS approved
    FROM checks
    LEFT JOIN approved ON approved.number = checks.number
    WHERE checks.settled
        AND checks.author <> ''
        AND checks.team IN (SELECT team FROM approvals)
)
SELECT
    'governance.segregation' AS metric,
    periods.period,
    judged.team,
    100.0 * COUNT(*) FILTER (WHERE judged.approved) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE judged.approved) AS numerator,
    COUNT(*) AS denominator
FROM judged
JOIN periods ON judged.time >= periods.since AND judged.time < periods.until
GROUP BY GROUPING SETS ((periods.period, judged.team), (periods.period))
