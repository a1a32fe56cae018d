-- Changes worth a page: for each team the newest four that failed in production, that were let
-- through by break-glass or a waiver, that were blocked, and that the gate judged last. A row is an
-- objective or a measurement of such a change, with all about the change in front.
WITH reasons AS (
    SELECT checks.number, 'failed in production' AS reason
    FROM checks
    JOIN carried ON carried.commit_id = checks.tested AND carried.team = checks.team
    WHERE carried.failed
    UNION
    SELECT number, 'break-glass' FROM checks WHERE break_glass
    UNION
    SELECT number, 'waived' FROM checks WHERE settled AND waivers > 0
    UNION
    SELECT number, 'blocked' FROM checks WHERE blocked
    UNION
    SELECT number, 'recent' FROM checks WHERE settled
),
ranked AS (
    SELECT
        reasons.number,
        reasons.reason,
        ROW_NUMBER() OVER (
            PARTITION BY checks.team, reasons.reason ORDER BY checks.time DESC, checks.number
        ) AS place
    FROM reasons
    JOIN checks ON checks.number = reasons.number
    JOIN periods
        ON periods.period = 'period'
        AND checks.time >= periods.since
        AND checks.time < periods.until
),
chosen AS (
    SELECT number, MIN(CASE reason WHEN 'recent' THEN 'z' ELSE reason END) AS reason
    FROM ranked
    WHERE place <= 4
    GROUP BY number
),
shipped AS (
    SELECT
        carried.commit_id,
        carried.team,
        MIN(carried.finished) AS deployed,
        MAX(CASE WHEN carried.failed THEN 1 ELSE 0 END) = 1 AS failed
    FROM carried
    GROUP BY carried.commit_id, carried.team
),
details AS (
    SELECT record, 'objective' AS part, objective AS name, metric, status, score, weight, waiver,
        CAST(NULL AS DOUBLE) AS value, CAST(NULL AS VARCHAR) AS missing
    FROM objectives
    UNION ALL
    SELECT record, 'measurement', metric, metric, NULL, NULL, NULL, NULL, value, missing
    FROM measurements
)
SELECT
    checks.number, entries.id, checks.time, checks.repository, checks.team, checks.tested,
    entries.branch, entries.event, checks.pull_request, checks.attempt, checks.job, entries.files,
    checks.lines, checks.score AS total, entries.level, entries.evidence_rate, checks.verdict,
    checks.conclusion, checks.blocked, checks.would_block, checks.waivers, checks.break_glass,
    chosen.reason, shipped.deployed, shipped.failed,
    details.part, details.name, details.metric, details.status, details.score, details.weight,
    details.waiver, details.value, details.missing
FROM chosen
JOIN checks ON checks.number = chosen.number
JOIN entries ON entries.number = chosen.number
LEFT JOIN shipped ON shipped.commit_id = checks.tested AND shipped.team = checks.team
LEFT JOIN details ON details.record = checks.number
ORDER BY checks.team, checks.time DESC, checks.number, details.part DESC, details.name
