-- One row a release, and when it was planned.
CREATE TABLE releases AS
SELECT
    id AS record,
    repository,
    team,
    COALESCE(document ->> '$.event.id', id) AS release,
    moment(document ->> '$.event.planned') AS planned,
    COALESCE(moment(document ->> '$.event.finished'), time) AS finished,
    document ->> '$.event.status' = 'success' AS successful
FROM records
WHERE kind = 'release'
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, COALESCE(document ->> '$.event.id', id) ORDER BY time DESC, id DESC
) = 1;
