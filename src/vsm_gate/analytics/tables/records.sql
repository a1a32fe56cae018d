-- Every record once, whatever its kind. A record that another of its kind and repository corrects
-- is left out; one that names no team belongs to the team whose checks are newest in its
-- repository. Other tables refer to a record by its `number`.
WITH owners AS (
    SELECT
        repository,
        team,
        ROW_NUMBER() OVER (PARTITION BY repository ORDER BY time DESC, number DESC) AS place
    FROM entries
    WHERE kind = 'check'
        AND team IS NOT NULL
        AND repository IN (SELECT repository FROM entries WHERE team IS NULL)
),
corrections AS (
    SELECT DISTINCT corrects AS id, repository, kind FROM entries WHERE corrects IS NOT NULL
),
placed AS (
    SELECT
        entries.number,
        entries.kind,
        entries.time,
        entries.repository,
        COALESCE(entries.team, owners.team, 'unassigned') AS team
    FROM entries
    LEFT JOIN owners ON owners.repository = entries.repository AND owners.place = 1
    LEFT JOIN corrections
        ON corrections.id = entries.id
        AND corrections.repository = entries.repository
        AND corrections.kind = entries.kind
    WHERE corrections.id IS NULL
)
SELECT number, kind, time, repository, team
FROM placed
WHERE (SELECT COUNT(*) FROM chosen_teams) = 0
    OR team IN (SELECT team FROM chosen_teams)
