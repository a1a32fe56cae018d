-- One row a failed deployment, however many incidents it had: one that did not succeed, or that an
-- incident is tied to. Recovered when the last of its incidents was resolved; without an
-- incident, when the next deployment of the repository succeeded. NULL while it lasts.
WITH troubles AS (
    SELECT
        ties.deployment,
        MAX(incidents.resolved) AS resolved,
        COUNT(*) FILTER (WHERE incidents.resolved IS NULL) AS still_open
    FROM ties
    JOIN incidents ON incidents.record = ties.incident
    GROUP BY ties.deployment
),
mended AS (
    SELECT broken.record, MIN(next.finished) AS finished
    FROM deployments AS broken
    JOIN deployments AS next
        ON next.repository = broken.repository
        AND next.team = broken.team
        AND next.successful
        AND next.finished > broken.finished
    WHERE NOT broken.successful
    GROUP BY broken.record
)
SELECT
    deployments.record,
    deployments.repository,
    deployments.team,
    deployments.finished,
    CASE
        WHEN troubles.deployment IS NULL THEN mended.finished
        WHEN troubles.still_open = 0 THEN GREATEST(troubles.resolved, deployments.finished)
    END AS recovered
FROM deployments
LEFT JOIN troubles ON troubles.deployment = deployments.record
LEFT JOIN mended ON mended.record = deployments.record
WHERE NOT deployments.successful OR troubles.deployment IS NOT NULL
