-- The distribution of gate scores over changes at their last word, in quarters.
SELECT
    periods.period,
    checks.team,
    COUNT(*) AS n,
    PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY checks.score) AS lower_quartile,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY checks.score) AS median,
    PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY checks.score) AS upper_quartile
FROM checks
JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
WHERE checks.settled AND checks.score IS NOT NULL
GROUP BY GROUPING SETS ((periods.period, checks.team), (periods.period))
