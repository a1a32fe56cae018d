-- The value stream by stage: the median time that a change spends in it, over `timed` changes, and
-- how many of those that entered left it without rework (%C/A). See tables/passages.
SELECT
    periods.period,
    passages.team,
    passages.stage,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY passages.seconds) AS seconds,
    COUNT(passages.seconds) AS timed,
    COUNT(*) FILTER (WHERE passages.accurate) AS accurate,
    COUNT(passages.accurate) AS entered
FROM passages
JOIN periods ON passages.time >= periods.since AND passages.time < periods.until
WHERE periods.period IN ('period', 'now', 'before')
GROUP BY GROUPING SETS (
    (periods.period, passages.team, passages.stage),
    (periods.period, passages.stage)
)
ORDER BY periods.period, passages.team, passages.stage
