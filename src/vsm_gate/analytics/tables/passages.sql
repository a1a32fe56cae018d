-- One row a change's way through a stage of the value stream: the `seconds` that it took, and whether
-- it left the stage without rework (`accurate`). Each is NULL where it is not known.
-- * coding: from the first commit to the pull request; accurate where its first check let it pass.
-- * pickup: from the opening, or, if that is later, the asking, to the first review.
-- * review: from the first review to the last approval; accurate where nobody asked for changes.
-- * merge: from the last approval to the merge.
-- * main: accurate where the first check of the default branch after the merge let it pass.
-- * ship: from the merge to the start of the deployment.
-- * deploy: from the start of the deployment to its end; accurate where it did not fail.
-- * change (from the first commit to the merge) and production (from there to the end of the
--   deployment) are what is known where nobody tells of reviews.
WITH firsts AS (
    SELECT
        team,
        time,
        default_branch,
        verdict,
        ROW_NUMBER() OVER (
            PARTITION BY
                repository, team, job, default_branch,
                CASE
                    WHEN default_branch THEN COALESCE(tested, CAST(number AS VARCHAR))
                    ELSE change_key
                END
            ORDER BY time, attempt, number
        ) AS place
    FROM checks
),
judged AS (
    SELECT team, time, default_branch, verdict <> 'fail' AS accurate
    FROM firsts
    WHERE place = 1 AND verdict IN ('pass', 'warn', 'fail')
),
shipped AS (
    SELECT deployments.team, deployments.finished AS time, failures.record IS NULL AS accurate
    FROM deployments
    LEFT JOIN failures ON failures.record = deployments.record
),
timed AS (
    SELECT
        changes.*,
        GREATEST(opened, COALESCE(review_requested, opened)) AS asked,
        COALESCE(shipping, deployed) AS started
    FROM changes
)
SELECT
    team,
    time,
    CASE WHEN default_branch THEN 'main' ELSE 'coding' END AS stage,
    CAST(NULL AS DOUBLE) AS seconds,
    accurate
FROM judged
UNION ALL
SELECT team, time, 'change', NULL, accurate FROM judged WHERE NOT default_branch
UNION ALL
SELECT team, time, 'deploy', NULL, accurate FROM shipped
UNION ALL
SELECT team, time, 'production', NULL, accurate FROM shipped
UNION ALL
SELECT team, reviewed, 'review', NULL, changes_requested = 0
FROM timed
WHERE reviewed IS NOT NULL AND changes_requested IS NOT NULL
UNION ALL
SELECT team, opened, 'coding', EXTRACT(EPOCH FROM opened - first_commit), NULL
FROM timed
WHERE first_commit <= opened
UNION ALL
SELECT team, reviewed, 'pickup', EXTRACT(EPOCH FROM reviewed - asked), NULL
FROM timed
WHERE asked <= reviewed
UNION ALL
SELECT team, approved, 'review', EXTRACT(EPOCH FROM approved - reviewed), NULL
FROM timed
WHERE reviewed <= approved
UNION ALL
SELECT team, merged, 'merge', EXTRACT(EPOCH FROM merged - approved), NULL
FROM timed
WHERE approved <= merged
UNION ALL
SELECT team, merged, 'change', EXTRACT(EPOCH FROM merged - first_commit), NULL
FROM timed
WHERE first_commit <= merged
UNION ALL
SELECT team, started, 'ship', EXTRACT(EPOCH FROM started - merged), NULL
FROM timed
WHERE merged <= started
UNION ALL
SELECT team, deployed, 'deploy', EXTRACT(EPOCH FROM deployed - started), NULL
FROM timed
WHERE shipping <= deployed
UNION ALL
SELECT team, deployed, 'production', EXTRACT(EPOCH FROM deployed - merged), NULL
FROM timed
WHERE merged <= deployed
