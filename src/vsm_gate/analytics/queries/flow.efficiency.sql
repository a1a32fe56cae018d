-- Pipeline flow efficiency: time in which a job of the change ran ÷ (deployed − opened), added up over
-- the changes deployed in the period, in milliseconds. What people did meanwhile cannot be seen. n
-- counts changes.
WITH spans AS (
    SELECT
        team,
        deployed,
        EXTRACT(EPOCH FROM deployed - opened) AS seconds,
        LEAST(job_seconds, EXTRACT(EPOCH FROM deployed - opened)) AS busy
    FROM changes
    WHERE opened < deployed AND job_seconds IS NOT NULL
)
SELECT
    'flow.efficiency' AS metric,
    periods.period,
    spans.team,
    100.0 * SUM(spans.busy) / SUM(spans.seconds) AS value,
    COUNT(*) AS n,
    CAST(ROUND(1000 * SUM(spans.busy)) AS BIGINT) AS numerator,
    CAST(ROUND(1000 * SUM(spans.seconds)) AS BIGINT) AS denominator
FROM spans
JOIN periods ON spans.deployed >= periods.since AND spans.deployed < periods.until
GROUP BY GROUPING SETS ((periods.period, spans.team), (periods.period))
