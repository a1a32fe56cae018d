-- Every record once, whatever kind it is. A record that a later one corrects is left out.
-- Input: `raw` (id, document), one JSON document a record, as the ledger holds it.
CREATE TABLE records AS
WITH typed AS (
    SELECT
        id,
        document ->> '$.kind' AS kind,
        TRY_CAST(document ->> '$.time' AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS time,
        COALESCE(document ->> '$.repository', '') AS repository,
        COALESCE(NULLIF(document ->> '$.team', ''), 'unassigned') AS team,
        document ->> '$.corrects' AS corrects,
        document
    FROM raw
    QUALIFY ROW_NUMBER() OVER (PARTITION BY id) = 1
)
SELECT id, kind, time, repository, team, document
FROM typed
WHERE time IS NOT NULL
    AND id NOT IN (SELECT corrects FROM typed WHERE corrects IS NOT NULL)
    AND (
        (SELECT COUNT(*) FROM chosen_teams) = 0
        OR team IN (SELECT team FROM chosen_teams)
    );
