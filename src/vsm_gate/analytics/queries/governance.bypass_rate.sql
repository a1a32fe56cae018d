-- Bypass rate: default-branch commits whose last check says that they should not have come there,
-- or that were let through by break-glass ÷ default-branch commits with a check. One that is red
-- only since it landed counts too: the record cannot tell them apart.
WITH last AS (
    SELECT
        team,
        time,
        conclusion IN ('fail', 'inconclusive') OR break_glass AS red,
        ROW_NUMBER() OVER (
            PARTITION BY repository, team, job, COALESCE(tested, CAST(number AS VARCHAR))
            ORDER BY time DESC, attempt DESC, number DESC
        ) AS place
    FROM checks
    WHERE default_branch
)
SELECT
    'governance.bypass_rate' AS metric,
    periods.period,
    last.team,
    100.0 * COUNT(*) FILTER (WHERE last.red) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE last.red) AS numerator,
    COUNT(*) AS denominator
FROM last
JOIN periods ON last.time >= periods.since AND last.time < periods.until
WHERE last.place = 1
GROUP BY GROUPING SETS ((periods.period, last.team), (periods.period))
