-- One row a reading of a service level objective. `target` in %; `tolerating` are those of the bad
-- that users still put up with, where the source tells (Apdex).
SELECT
    records.number AS record,
    records.time,
    records.repository,
    records.team,
    events.service AS name,
    events.span,
    events.target,
    events.good,
    events.total,
    events.tolerating
FROM records
JOIN events ON events.record = records.number
WHERE records.kind = 'slo'
