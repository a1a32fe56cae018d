-- One row a deployment to production. `planned` is false where an incident made it necessary: it
-- names the incident that it was caused by, and that is the whole classifier.
CREATE TABLE deployments AS
SELECT
    id AS record,
    repository,
    team,
    COALESCE(said.event.id, id) AS deployment,
    said.event.commit AS commit_id,
    said.event.status = 'success' AS successful,
    moment(said.event.started) AS started,
    COALESCE(moment(said.event.finished), time) AS finished,
    said.event.caused_by IS NULL AS planned,
    COALESCE(said.components, []) AS components
FROM records
WHERE kind = 'deployment'
    AND LOWER(COALESCE(said.event.environment, 'production')) IN ('production', 'prod')
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, COALESCE(said.event.id, id) ORDER BY time DESC, id DESC
) = 1;
