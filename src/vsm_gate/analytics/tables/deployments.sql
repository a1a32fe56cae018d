-- One row a deployment to production. `planned` is false where an incident made it necessary: it
-- names the incident that it was caused by, and that is the whole classifier. `record` is the
-- number of its record, here and in the other tables of events.
WITH named AS (
    SELECT
        records.number AS record,
        records.repository,
        records.team,
        records.time,
        COALESCE(events.name, entries.id) AS deployment,
        events.commit_id,
        COALESCE(events.status = 'success', FALSE) AS successful,
        events.started,
        COALESCE(events.finished, records.time) AS finished,
        events.caused_by IS NULL AS planned
    FROM records
    JOIN entries ON entries.number = records.number
    JOIN events ON events.record = records.number
    WHERE records.kind = 'deployment'
        AND LOWER(COALESCE(events.environment, 'production')) IN ('production', 'prod')
)
SELECT record, repository, team, deployment, commit_id, successful, started, finished, planned
FROM named
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, deployment ORDER BY time DESC, record DESC
) = 1
