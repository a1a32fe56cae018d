-- Segregation of duties: changes whose last commit, or whose pull request as it was merged, somebody
-- other than its author approved ÷ changes of the teams that record approvals, where the author is
-- known.
WITH authored AS (
    SELECT
        checks.number,
        checks.repository,
        checks.team,
        checks.time,
        checks.settled,
        checks.tested,
        checks.pull_request,
        entries.head,
        COALESCE(entries.author, entries.actor) AS author
    FROM checks
    JOIN entries ON entries.number = checks.number
    WHERE checks.team IN (SELECT team FROM approvals)
),
approved AS (
    SELECT authored.number
    FROM authored
    JOIN approvals
        ON approvals.repository = authored.repository AND approvals.commit_id = authored.tested
    WHERE approvals.approver <> authored.author
    UNION
    SELECT authored.number
    FROM authored
    JOIN approvals
        ON approvals.repository = authored.repository AND approvals.commit_id = authored.head
    WHERE approvals.approver <> authored.author
    UNION
    SELECT authored.number
    FROM authored
    JOIN approvals
        ON approvals.repository = authored.repository
        AND approvals.pull_request = authored.pull_request
    WHERE approvals.approver <> authored.author
),
judged AS (
    SELECT authored.team, authored.time, approved.number IS NOT NULL AS approved
    FROM authored
    LEFT JOIN approved ON approved.number = authored.number
    WHERE authored.settled AND authored.author <> ''
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
