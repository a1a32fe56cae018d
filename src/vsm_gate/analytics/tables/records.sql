-- Every record once, whatever its kind. A record that another of its kind and repository corrects
-- is left out; one that names no team belongs to the team whose checks are newest in its
-- repository. Other tables refer to a record by its `number`; `said` is what the record says, and
-- goes when they are made.
CREATE TABLE records AS
WITH typed AS (
    SELECT
        number,
        id,
        said.kind AS kind,
        moment(said.time) AS time,
        COALESCE(said.repository, '') AS repository,
        NULLIF(said.team, '') AS team,
        said.corrects AS corrects,
        said
    FROM documents
    QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY number) = 1
),
owners AS (
    SELECT repository, ARG_MAX(team, time) AS team
    FROM typed
    WHERE kind = 'check' AND team IS NOT NULL
    GROUP BY repository
),
placed AS (
    SELECT
        typed.number,
        typed.id,
        typed.kind,
        typed.time,
        typed.repository,
        COALESCE(typed.team, owners.team, 'unassigned') AS team,
        typed.said
    FROM typed
    LEFT JOIN owners ON owners.repository = typed.repository
    WHERE typed.time IS NOT NULL
        AND NOT EXISTS (
            SELECT 1
            FROM typed AS later
            WHERE later.corrects = typed.id
                AND later.repository = typed.repository
                AND later.kind = typed.kind
        )
)
SELECT number, id, kind, time, repository, team, said
FROM placed
WHERE (SELECT COUNT(*) FROM chosen_teams) = 0
    OR team IN (SELECT team FROM chosen_teams);
