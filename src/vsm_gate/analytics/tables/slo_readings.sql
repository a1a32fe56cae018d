-- One row a reading of a service level objective. `target` in %.
CREATE TABLE slo_readings AS
SELECT
    id AS record,
    time,
    repository,
    team,
    document ->> '$.event.name' AS name,
    document ->> '$.event.window' AS span,
    number(document ->> '$.event.target') AS target,
    whole(document ->> '$.event.good') AS good,
    whole(document ->> '$.event.total') AS total
FROM records
WHERE kind = 'slo';
