-- One row an incident; `resolved` is NULL while it is open.
WITH named AS (
    SELECT
        records.number AS record,
        records.repository,
        records.team,
        records.time,
        COALESCE(events.name, entries.id) AS incident,
        COALESCE(events.started, records.time) AS started,
        events.resolved,
        events.deployment
    FROM records
    JOIN entries ON entries.number = records.number
    JOIN events ON events.record = records.number
    WHERE records.kind = 'incident'
)
SELECT record, repository, team, incident, started, resolved, deployment
FROM named
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, incident ORDER BY time DESC, record DESC
) = 1
