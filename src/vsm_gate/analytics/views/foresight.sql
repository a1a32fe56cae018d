-- Does the verdict predict production? Deployments by whether the gate had flagged any change that
-- they carried first, and how many of each failed. Counted by deployment, not by change: the
-- changes of one deployment fail together, and are no separate evidence.
WITH shipments AS (
    SELECT
        deployment,
        team,
        finished,
        MAX(CASE WHEN flagged THEN 1 ELSE 0 END) = 1 AS flagged,
        MAX(CASE WHEN failed THEN 1 ELSE 0 END) = 1 AS failed
    FROM carried
    GROUP BY deployment, team, finished
)
SELECT
    periods.period,
    shipments.team,
    COUNT(*) FILTER (WHERE shipments.flagged) AS flagged,
    COUNT(*) FILTER (WHERE shipments.flagged AND shipments.failed) AS flagged_failed,
    COUNT(*) FILTER (WHERE NOT shipments.flagged) AS passed,
    COUNT(*) FILTER (WHERE NOT shipments.flagged AND shipments.failed) AS passed_failed
FROM shipments
JOIN periods ON shipments.finished >= periods.since AND shipments.finished < periods.until
GROUP BY GROUPING SETS ((periods.period, shipments.team), (periods.period))
