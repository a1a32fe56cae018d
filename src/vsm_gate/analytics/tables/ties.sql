-- Which deployment an incident is tied to, and how surely: `stated` where the incident names it,
-- `inferred` where it is the last successful one of a component that the incident is about, at
-- most seven days before. An incident that is neither is tied to none.
WITH stated AS (
    SELECT
        incidents.record AS incident,
        deployments.record AS deployment,
        ROW_NUMBER() OVER (
            PARTITION BY incidents.record
            ORDER BY
                CASE WHEN deployments.repository = incidents.repository THEN 0 ELSE 1 END,
                deployments.finished DESC,
                deployments.record
        ) AS place
    FROM incidents
    JOIN deployments ON deployments.deployment = incidents.deployment
),
components AS (
    SELECT record, name FROM tags WHERE tag = 'component'
),
inferred AS (
    SELECT
        incidents.record AS incident,
        deployments.record AS deployment,
        ROW_NUMBER() OVER (
            PARTITION BY incidents.record ORDER BY deployments.finished DESC, deployments.record
        ) AS place
    FROM incidents
    JOIN components AS hurt ON hurt.record = incidents.record
    JOIN components AS shipped ON shipped.name = hurt.name
    JOIN deployments
        ON deployments.record = shipped.record
        AND deployments.successful
        AND deployments.finished <= incidents.started
        AND deployments.finished > incidents.started - INTERVAL '7' DAY
    WHERE incidents.deployment IS NULL
)
SELECT incident, deployment, 'stated' AS confidence FROM stated WHERE place = 1
UNION ALL
SELECT incident, deployment, 'inferred' AS confidence FROM inferred WHERE place = 1
