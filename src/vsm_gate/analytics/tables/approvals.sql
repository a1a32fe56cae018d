-- One row an approval of a commit: an event, or a review that the forge told of.
SELECT
    records.number AS record,
    records.repository,
    records.team,
    events.commit_id,
    events.person AS approver
FROM records
JOIN events ON events.record = records.number
WHERE records.kind = 'approval'
UNION ALL
SELECT records.number, records.repository, records.team, checks.head, tags.name
FROM tags
JOIN records ON records.number = tags.record
JOIN checks ON checks.number = tags.record
WHERE tags.tag = 'approver'
