-- Every record once, whatever its kind. A record that a later one corrects is left out; a record
-- that names no team belongs to the team whose checks are newest in its repository.
-- Input: `raw` (id, document), one JSON document a record, as the ledger holds it.
CREATE TABLE records AS
WITH typed AS (
    SELECT
        id,
        document ->> '$.kind' AS kind,
        moment(document ->> '$.time') AS time,
        COALESCE(document ->> '$.repository', '') AS repository,
        NULLIF(document ->> '$.team', '') AS team,
        document ->> '$.corrects' AS corrects,
        document
    FROM raw
    QUALIFY ROW_NUMBER() OVER (PARTITION BY id) = 1
),
owners AS (
    SELECT repository, ARG_MAX(team, time) AS team
    FROM typed
    WHERE kind = 'check' AND team IS NOT NULL
    GROUP BY repository
),
placed AS (
    SELECT
        typed.id,
        typed.kind,
        typed.time,
        typed.repository,
        COALESCE(typed.team, owners.team, 'unassigned') AS team,
        typed.document
    FROM typed
    LEFT JOIN owners ON owners.repository = typed.repository
    WHERE typed.time IS NOT NULL
        AND typed.id NOT IN (SELECT corrects FROM typed WHERE corrects IS NOT NULL)
)
SELECT id, kind, time, repository, team, document
FROM placed
WHERE (SELECT COUNT(*) FROM chosen_teams) = 0
    OR team IN (SELECT team FROM chosen_teams);
