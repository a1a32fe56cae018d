-- The oldest and the newest recorded commit of each default branch: what is looked up in git.
WITH placed AS (
    SELECT
        repository,
        team,
        tested,
        ROW_NUMBER() OVER (PARTITION BY repository ORDER BY time, number) AS first_place,
        ROW_NUMBER() OVER (PARTITION BY repository ORDER BY time DESC, number DESC) AS last_place
    FROM checks
    WHERE default_branch AND tested IS NOT NULL
)
SELECT
    repository,
    MAX(CASE WHEN last_place = 1 THEN team END) AS team,
    MAX(CASE WHEN first_place = 1 THEN tested END) AS oldest,
    MAX(CASE WHEN last_place = 1 THEN tested END) AS newest
FROM placed
WHERE first_place = 1 OR last_place = 1
GROUP BY repository
ORDER BY repository
