-- One row an incident; `resolved` is NULL while it is open.
CREATE TABLE incidents AS
SELECT
    id AS record,
    repository,
    team,
    COALESCE(document ->> '$.event.id', id) AS incident,
    COALESCE(moment(document ->> '$.event.started'), time) AS started,
    moment(document ->> '$.event.resolved') AS resolved,
    document ->> '$.event.deployment' AS deployment,
    COALESCE(TRY_CAST(document -> '$.components' AS VARCHAR[]), []) AS components
FROM records
WHERE kind = 'incident'
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, COALESCE(document ->> '$.event.id', id) ORDER BY time DESC, id DESC
) = 1;
