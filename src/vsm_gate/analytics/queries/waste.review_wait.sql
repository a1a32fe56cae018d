-- Review wait: minutes from asking for a review to the first one, added up over the changes whose
-- last word is in the period. n counts them.
SELECT
    'waste.review_wait' AS metric,
    periods.period,
    wastes.team,
    SUM(wastes.minutes) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM wastes
JOIN periods ON wastes.time >= periods.since AND wastes.time < periods.until
WHERE wastes.metric = 'waste.review_wait'
GROUP BY GROUPING SETS ((periods.period, wastes.team), (periods.period))
