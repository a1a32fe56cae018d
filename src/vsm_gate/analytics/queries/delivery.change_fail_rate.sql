-- Change fail rate: distinct failed production deployments ÷ production deployments. However many
-- incidents one had, it failed once.
SELECT
    'delivery.change_fail_rate' AS metric,
    periods.period,
    deployments.team,
    100.0 * COUNT(failures.record) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(failures.record) AS numerator,
    COUNT(*) AS denominator
FROM deployments
JOIN periods ON deployments.finished >= periods.since AND deployments.finished < periods.until
LEFT JOIN failures ON failures.record = deployments.record
GROUP BY GROUPING SETS ((periods.period, deployments.team), (periods.period))
