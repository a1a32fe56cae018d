-- One row an incident; `resolved` is NULL while it is open.
CREATE TABLE incidents AS
SELECT
    id AS record,
    repository,
    team,
    COALESCE(document ->> '$.event.id', id) AS incident,
    COALESCE(
        TRY_CAST(document ->> '$.event.started' AS TIMESTAMPTZ) AT TIME ZONE 'UTC', time
    ) AS started,
    TRY_CAST(document ->> '$.event.resolved' AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS resolved,
    document ->> '$.event.deployment' AS deployment,
    COALESCE(TRY_CAST(document -> '$.components' AS VARCHAR[]), []) AS components
FROM records
WHERE kind = 'incident'
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, COALESCE(document ->> '$.event.id', id) ORDER BY time DESC, id DESC
) = 1;
