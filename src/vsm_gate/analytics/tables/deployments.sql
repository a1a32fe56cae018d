-- One row a deployment to production. `planned` is false where an incident made it necessary: it
-- names the incident that it was caused by, and that is the whole classifier.
CREATE TABLE deployments AS
SELECT
    id AS record,
    repository,
    team,
    COALESCE(document ->> '$.event.id', id) AS deployment,
    document ->> '$.event.commit' AS commit_id,
    document ->> '$.event.status' = 'success' AS successful,
    moment(document ->> '$.event.started') AS started,
    COALESCE(moment(document ->> '$.event.finished'), time) AS finished,
    document ->> '$.event.caused_by' IS NULL AS planned,
    COALESCE(TRY_CAST(document -> '$.components' AS VARCHAR[]), []) AS components
FROM records
WHERE kind = 'deployment'
    AND LOWER(COALESCE(document ->> '$.event.environment', 'production')) IN ('production', 'prod')
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, COALESCE(document ->> '$.event.id', id) ORDER BY time DESC, id DESC
) = 1;
