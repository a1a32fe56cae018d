-- Right first time: changes that the gate let pass, with or without warning, when it first saw
-- them ÷ changes of which it could then say anything. n counts those, by their first record.
WITH first AS (
    SELECT
        team,
        time,
        verdict,
        ROW_NUMBER() OVER (
            PARTITION BY repository, team, job, change_key ORDER BY time, attempt, number
        ) AS place
    FROM checks
    WHERE NOT landed
)
SELECT
    'quality.first_pass' AS metric,
    periods.period,
    first.team,
    100.0 * COUNT(*) FILTER (WHERE first.verdict IN ('pass', 'warn')) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE first.verdict IN ('pass', 'warn')) AS numerator,
    COUNT(*) AS denominator
FROM first
JOIN periods ON first.time >= periods.since AND first.time < periods.until
WHERE first.place = 1 AND first.verdict IN ('pass', 'warn', 'fail')
GROUP BY GROUPING SETS ((periods.period, first.team), (periods.period))
