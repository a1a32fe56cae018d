-- Waiver debt: days from the first use of a waiver to its last one in the period, added up over the
-- waivers that were used in the period. n counts them.
WITH used AS (
    SELECT checks.repository, checks.team, tags.name, checks.time
    FROM tags
    JOIN checks ON checks.number = tags.record
    WHERE tags.tag = 'waiver'
),
firsts AS (
    SELECT repository, team, name, MIN(time) AS time FROM used GROUP BY repository, team, name
),
open AS (
    SELECT
        periods.period,
        used.team,
        used.repository,
        used.name,
        EXTRACT(EPOCH FROM MAX(used.time) - MIN(firsts.time)) / 86400.0 AS days
    FROM used
    JOIN firsts
        ON firsts.repository = used.repository
        AND firsts.team = used.team
        AND firsts.name = used.name
    JOIN periods ON used.time >= periods.since AND used.time < periods.until
    GROUP BY periods.period, used.team, used.repository, used.name
)
SELECT
    'governance.waiver_debt' AS metric,
    period,
    team,
    SUM(days) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM open
GROUP BY GROUPING SETS ((period, team), (period))
