-- One row a defect: a change in which the tests of a stage failed, or a deployment that failed in
-- production. `late`: found in acceptance or production though the team tests at an earlier stage.
WITH stages AS (
    SELECT
        checks.team,
        MAX(CASE WHEN tags.name IN ('unit', 'integration', 'system') THEN 1 ELSE 0 END) = 1
            AS early
    FROM tags
    JOIN checks ON checks.number = tags.record
    WHERE tags.tag = 'stage'
    GROUP BY checks.team
),
found AS (
    SELECT checks.team, tags.name AS stage, MIN(checks.time) AS time
    FROM tags
    JOIN checks ON checks.number = tags.record
    WHERE tags.tag = 'failed stage'
    GROUP BY checks.repository, checks.team, checks.change_key, tags.name
    UNION ALL
    SELECT team, 'production', finished FROM failures
)
SELECT
    found.team,
    found.stage,
    found.time,
    CASE
        WHEN found.stage = 'acceptance' THEN COALESCE(stages.early, FALSE)
        WHEN found.stage = 'production' THEN stages.team IS NOT NULL
        ELSE FALSE
    END AS late
FROM found
LEFT JOIN stages ON stages.team = found.team
