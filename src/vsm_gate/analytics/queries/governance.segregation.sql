-- Segregation of duties: changes whose last commit somebody other than its author approved ÷
-- changes of the teams that record approvals, where the author is known.
WITH judged AS (
    SELECT
        checks.team,
        checks.time,
        EXISTS (
            SELECT 1
            FROM approvals
            WHERE approvals.repository = checks.repository
                AND approvals.commit_id IN (checks.head, checks.tested)
                AND approvals.approver <> checks.author
        ) AS approved
    FROM checks
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
