-- One row a record of an event: what it says, NULL where it does not. `record` is its number.
SELECT
    number AS record,
    said.event.id AS name,
    said.event.commit AS commit_id,
    said.event.status AS status,
    said.event.environment AS environment,
    moment(said.event.started) AS started,
    moment(said.event.finished) AS finished,
    moment(said.event.resolved) AS resolved,
    moment(said.event.planned) AS planned,
    said.event.caused_by AS caused_by,
    said.event.deployment AS deployment,
    said.event.name AS service,
    said.event.window AS span,
    number(said.event.target) AS target,
    whole(said.event.good) AS good,
    whole(said.event.total) AS total,
    whole(said.event.tolerating) AS tolerating,
    said.event.by AS person
FROM parsed
WHERE said.kind NOT IN ('check', 'heartbeat')
ORDER BY number
