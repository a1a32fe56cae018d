-- One row an approval: an event is of a commit; a review that the forge told of is of the pull
-- request too.
SELECT
    records.number AS record,
    records.repository,
    records.team,
    events.commit_id,
    CAST(NULL AS VARCHAR) AS pull_request,
    events.person AS approver
FROM records
JOIN events ON events.record = records.number
WHERE records.kind = 'approval'
UNION ALL
SELECT records.number, records.repository, records.team, entries.head, entries.origin, tags.name
FROM tags
JOIN records ON records.number = tags.record
JOIN checks ON checks.number = tags.record
JOIN entries ON entries.number = tags.record
WHERE tags.tag = 'approver'
