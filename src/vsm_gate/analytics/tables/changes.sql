-- One row a change as work: a pull request that the forge told of, or else what git found in a
-- deployment. Times are NULL where they are not known: `first_commit`, `opened`, `review_requested`,
-- `reviewed` (first review), `approved` (last approval), `merged`, `shipping` and `deployed` (start
-- and end of the first deployment that carried it); `seen` is when it was judged last. `work` says what it is: feature, defect, risk
-- or debt, by its labels, else by its conventional commit; NULL where neither tells.
-- `job_seconds` adds up the slowest job of each of its runs.
WITH told AS (
    SELECT
        checks.repository,
        checks.team,
        entries.origin,
        entries.time,
        entries.number,
        entries.tested,
        entries.default_branch,
        entries.first_commit,
        entries.opened,
        entries.review_requested,
        entries.reviewed,
        entries.approved,
        entries.merged,
        entries.changes_requested,
        entries.reviews_known,
        ROW_NUMBER() OVER (
            PARTITION BY checks.repository, checks.team, entries.origin
            ORDER BY entries.time DESC, entries.number DESC
        ) AS place
    FROM checks
    JOIN entries ON entries.number = checks.number
    WHERE entries.opened IS NOT NULL AND entries.origin IS NOT NULL
),
kinds AS (
    SELECT name, work FROM kinds_of_work
),
labelled AS (
    SELECT told.repository, told.team, told.origin, MIN(kinds.work) AS work
    FROM told
    JOIN tags ON tags.record = told.number AND tags.tag = 'label'
    JOIN kinds ON kinds.name = LOWER(tags.name)
    WHERE told.place = 1
    GROUP BY told.repository, told.team, told.origin
),
shipped AS (
    SELECT
        told.repository,
        told.team,
        told.origin,
        lead_times.change,
        MIN(lead_times.started) AS started,
        MIN(lead_times.finished) AS finished,
        MIN(lead_times.authored) AS authored,
        MIN(lead_times.merged) AS merged,
        MIN(lead_times.kind) AS kind
    FROM told
    JOIN lead_times
        ON lead_times.repository = told.repository AND lead_times.change = told.tested
    WHERE told.default_branch
    GROUP BY told.repository, told.team, told.origin, lead_times.change
),
first_shipped AS (
    SELECT *
    FROM shipped
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY repository, team, origin ORDER BY finished, change
    ) = 1
),
ran AS (
    SELECT repository, team, origin, SUM(seconds) AS seconds
    FROM (
        SELECT
            checks.repository, checks.team, entries.origin, entries.tested, entries.attempt,
            MAX(entries.job_seconds) AS seconds
        FROM checks
        JOIN entries ON entries.number = checks.number
        WHERE entries.origin IS NOT NULL
        GROUP BY
            checks.repository, checks.team, entries.origin, entries.tested, entries.attempt
    ) AS runs
    GROUP BY repository, team, origin
),
earliest AS (
    SELECT
        repository, team, origin, MIN(first_commit) AS first_commit, MAX(merged) AS merged
    FROM told
    GROUP BY repository, team, origin
)
SELECT
    told.repository,
    told.team,
    '#' || told.origin AS change,
    COALESCE(earliest.first_commit, first_shipped.authored) AS first_commit,
    told.opened,
    told.review_requested,
    told.reviewed,
    told.approved,
    COALESCE(earliest.merged, first_shipped.merged) AS merged,
    first_shipped.started AS shipping,
    first_shipped.finished AS deployed,
    told.time AS seen,
    CASE WHEN told.reviews_known THEN told.changes_requested END AS changes_requested,
    ran.seconds AS job_seconds,
    COALESCE(labelled.work, kinds.work) AS work
FROM told
JOIN earliest
    ON earliest.repository = told.repository
    AND earliest.team = told.team
    AND earliest.origin = told.origin
LEFT JOIN first_shipped
    ON first_shipped.repository = told.repository
    AND first_shipped.team = told.team
    AND first_shipped.origin = told.origin
LEFT JOIN labelled
    ON labelled.repository = told.repository
    AND labelled.team = told.team
    AND labelled.origin = told.origin
LEFT JOIN ran
    ON ran.repository = told.repository AND ran.team = told.team AND ran.origin = told.origin
LEFT JOIN kinds ON kinds.name = first_shipped.kind
WHERE told.place = 1
UNION ALL
SELECT
    lead_times.repository,
    lead_times.team,
    lead_times.change,
    lead_times.authored,
    NULL, NULL, NULL, NULL,
    lead_times.merged,
    lead_times.started,
    lead_times.finished,
    lead_times.merged,
    NULL,
    NULL,
    kinds.work
FROM lead_times
LEFT JOIN shipped
    ON shipped.repository = lead_times.repository AND shipped.change = lead_times.change
LEFT JOIN kinds ON kinds.name = lead_times.kind
WHERE shipped.change IS NULL
