-- One row a release, and when it was planned.
CREATE TABLE releases AS
SELECT
    id AS record,
    repository,
    team,
    COALESCE(said.event.id, id) AS release,
    moment(said.event.planned) AS planned,
    COALESCE(moment(said.event.finished), time) AS finished,
    said.event.status = 'success' AS successful
FROM records
WHERE kind = 'release'
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY repository, COALESCE(said.event.id, id) ORDER BY time DESC, id DESC
) = 1;
