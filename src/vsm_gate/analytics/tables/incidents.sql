-- One row an incident; `resolved` is NULL while it is open.
CREATE TABLE incidents AS
SELECT
    id AS record,
    repository,
    team,
    COALESCE(said.event.id, id) AS incident,
    COALESCE(moment(said.event.started), time) AS started,
    moment(said.event.resolved) AS resolved,
    said.event.deployment AS deployment,
    COALESCE(said.components, []) AS components
FROM records
WHERE kind = 'incident'
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, COALESCE(said.event.id, id) ORDER BY time DESC, id DESC
) = 1;
