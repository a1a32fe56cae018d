-- Rerun flake rate: commits whose tests both failed and did not, in the same job ÷ commits that a
-- job judged more than once. Records count cases and do not name them.
SELECT
    'tests.rerun_flake_rate' AS metric,
    periods.period,
    reruns.team,
    100.0 * COUNT(*) FILTER (WHERE reruns.flaky) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE reruns.flaky) AS numerator,
    COUNT(*) AS denominator
FROM reruns
JOIN periods ON reruns.time >= periods.since AND reruns.time < periods.until
GROUP BY GROUPING SETS ((periods.period, reruns.team), (periods.period))
