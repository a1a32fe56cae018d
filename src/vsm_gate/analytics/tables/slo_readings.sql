-- One row a reading of a service level objective. `target` in %.
CREATE TABLE slo_readings AS
SELECT
    id AS record,
    time,
    repository,
    team,
    document ->> '$.event.name' AS name,
    document ->> '$.event.window' AS span,
    TRY_CAST(document ->> '$.event.target' AS DOUBLE) AS target,
    TRY_CAST(document ->> '$.event.good' AS BIGINT) AS good,
    TRY_CAST(document ->> '$.event.total' AS BIGINT) AS total
FROM records
WHERE kind = 'slo';
