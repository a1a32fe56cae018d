-- One row a reading of a service level objective. `target` in %.
CREATE TABLE slo_readings AS
SELECT
    id AS record,
    time,
    repository,
    team,
    said.event.name AS name,
    said.event.window AS span,
    number(said.event.target) AS target,
    whole(said.event.good) AS good,
    whole(said.event.total) AS total
FROM records
WHERE kind = 'slo';
