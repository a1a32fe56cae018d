-- Changes worth a page: for each team the newest four that failed in production, that were let
-- through by break-glass or a waiver, that were blocked, and that the gate judged last. A row is an
-- objective or a measurement of such a change, with all about the change in front.
WITH reasons AS (
    SELECT DISTINCT number, 'failed in production' AS reason FROM carried WHERE failed
    UNION ALL
    SELECT number, 'break-glass' FROM checks WHERE break_glass
    UNION ALL
    SELECT number, 'waived' FROM checks WHERE settled AND waivers > 0
    UNION ALL
    SELECT number, 'blocked' FROM checks WHERE blocked
    UNION ALL
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
    JOIN periods ON periods.period = 'period'
        AND checks.time >= periods.since AND checks.time < periods.until
),
chosen AS (
    SELECT DISTINCT number FROM ranked WHERE place <= 4
),
shipped AS (
    SELECT
        number, MIN(finished) AS deployed, MAX(CASE WHEN failed THEN 1 ELSE 0 END) = 1 AS failed
    FROM carried
    WHERE number IN (SELECT number FROM chosen)
    GROUP BY number
),
details AS (
    SELECT
        record, 'objective' AS part, objective AS name, metric, status, score, weight, waiver,
        phase, passes, warns, CAST(NULL AS DOUBLE) AS value, CAST(NULL AS VARCHAR) AS missing
    FROM objectives
    WHERE record IN (SELECT number FROM chosen)
    UNION ALL
    SELECT
        record, 'measurement', metric, metric, NULL, NULL, NULL, NULL, NULL, NULL, NULL, value,
        missing
    FROM measurements
    WHERE record IN (SELECT number FROM chosen)
)
SELECT
    checks.number, entries.id, checks.time, checks.repository, checks.team, checks.tested,
    entries.branch, checks.pull_request, entries.files, checks.lines, checks.risk,
    checks.score AS total, entries.level, entries.evidence_rate, checks.verdict,
    checks.blocked, checks.would_block, checks.waivers, checks.break_glass,
    shipped.deployed, shipped.failed,
    details.part, details.name, details.metric, details.status, details.score, details.weight,
    details.waiver, details.phase, details.passes, details.warns, details.value, details.missing
FROM chosen
JOIN checks ON checks.number = chosen.number
JOIN entries ON entries.number = chosen.number
LEFT JOIN shipped ON shipped.number = chosen.number
LEFT JOIN details ON details.record = chosen.number
ORDER BY checks.team, checks.time DESC, checks.number, details.part DESC, details.name
