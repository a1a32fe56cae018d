-- Which deployment an incident is tied to, and how surely: `stated` where the incident names it,
-- `inferred` where it is the last successful one of a component that the incident is about, at
-- most seven days before. An incident that is neither is tied to none.
CREATE TABLE ties AS
WITH stated AS (
    SELECT incidents.record AS incident, deployments.record AS deployment
    FROM incidents
    JOIN deployments ON deployments.deployment = incidents.deployment
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY incidents.record
        ORDER BY deployments.repository = incidents.repository DESC, deployments.finished DESC
    ) = 1
),
inferred AS (
    SELECT incidents.record AS incident, deployments.record AS deployment
    FROM incidents
    JOIN deployments
        ON deployments.successful
        AND deployments.finished <= incidents.started
        AND deployments.finished > incidents.started - INTERVAL 7 DAY
        AND list_has_any(deployments.components, incidents.components)
    WHERE incidents.deployment IS NULL
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY incidents.record ORDER BY deployments.finished DESC, deployments.record
    ) = 1
)
SELECT incident, deployment, 'stated' AS confidence FROM stated
UNION ALL
SELECT incident, deployment, 'inferred' AS confidence FROM inferred;
