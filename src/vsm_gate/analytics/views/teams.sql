-- Who is in the data: each team as its newest check record describes it, with its repositories.
WITH ranked AS (
    SELECT
        team,
        peer_group,
        methodology,
        ROW_NUMBER() OVER (PARTITION BY team ORDER BY time DESC, number DESC) AS place
    FROM checks
)
SELECT
    everyone.team,
    ranked.peer_group,
    ranked.methodology,
    COUNT(DISTINCT everyone.repository) AS repositories,
    MIN(everyone.time) AS first,
    MAX(everyone.time) AS last,
    COUNT(*) AS records
FROM records AS everyone
LEFT JOIN ranked ON ranked.team = everyone.team AND ranked.place = 1
GROUP BY everyone.team, ranked.peer_group, ranked.methodology
ORDER BY everyone.team
