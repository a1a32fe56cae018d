-- One row a release, and when it was planned.
WITH named AS (
    SELECT
        records.number AS record,
        records.repository,
        records.team,
        records.time,
        COALESCE(events.name, entries.id) AS release,
        events.planned,
        COALESCE(events.finished, records.time) AS finished,
        COALESCE(events.status = 'success', FALSE) AS successful
    FROM records
    JOIN entries ON entries.number = records.number
    JOIN events ON events.record = records.number
    WHERE records.kind = 'release'
)
SELECT record, repository, team, release, planned, finished, successful
FROM named
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, release ORDER BY time DESC, record DESC
) = 1
