-- Who is in the data: each team as its newest check record describes it, with its repositories.
WITH ranked AS (
    SELECT
        team,
        number,
        ROW_NUMBER() OVER (PARTITION BY team ORDER BY time DESC, number DESC) AS place
    FROM checks
),
described AS (
    SELECT ranked.team, entries.peer_group, entries.methodology
    FROM ranked
    JOIN entries ON entries.number = ranked.number
    WHERE ranked.place = 1
)
SELECT
    everyone.team,
    described.peer_group,
    described.methodology,
    COUNT(DISTINCT everyone.repository) AS repositories,
    MIN(everyone.time) AS first,
    MAX(everyone.time) AS last,
    COUNT(*) AS records
FROM records AS everyone
LEFT JOIN described ON described.team = everyone.team
GROUP BY everyone.team, described.peer_group, described.methodology
ORDER BY everyone.team
