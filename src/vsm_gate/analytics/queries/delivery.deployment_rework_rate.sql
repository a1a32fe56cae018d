-- Deployment rework rate: unplanned deployments ÷ deployments to production. Unplanned is one that
-- names the incident that it was caused by.
SELECT
    'delivery.deployment_rework_rate' AS metric,
    periods.period,
    deployments.team,
    100.0 * COUNT(*) FILTER (WHERE NOT deployments.planned) / COUNT(*) AS value,
    COUNT(*) AS n,
    COUNT(*) FILTER (WHERE NOT deployments.planned) AS numerator,
    COUNT(*) AS denominator
FROM deployments
JOIN periods ON deployments.finished >= periods.since AND deployments.finished < periods.until
GROUP BY GROUPING SETS ((periods.period, deployments.team), (periods.period))
