-- The capture curve of risk: deployments of the whole period by the highest risk that a change of
-- theirs was ranked at, the riskiest first, in hundredths, and how many of each hundredth failed.
-- Of equal risk the later one stands behind: no order is made up in favour of the rank.
WITH shipped AS (
    SELECT
        carried.team,
        carried.deployment,
        MAX(carried.finished) AS finished,
        MAX(CASE WHEN carried.failed THEN 1 ELSE 0 END) AS failed,
        MAX(checks.risk) AS risk
    FROM carried
    JOIN checks ON checks.number = carried.number
    JOIN periods ON periods.period = 'period'
        AND carried.finished >= periods.since AND carried.finished < periods.until
    WHERE checks.risk IS NOT NULL
    GROUP BY carried.team, carried.deployment
),
placed AS (
    SELECT
        scopes.everyone,
        CASE WHEN scopes.everyone = 0 THEN shipped.team END AS team,
        shipped.failed,
        ROW_NUMBER() OVER (
            PARTITION BY scopes.everyone, CASE WHEN scopes.everyone = 0 THEN shipped.team END
            ORDER BY shipped.risk DESC, shipped.finished DESC, shipped.deployment
        ) AS place,
        COUNT(*) OVER (
            PARTITION BY scopes.everyone, CASE WHEN scopes.everyone = 0 THEN shipped.team END
        ) AS total
    FROM shipped
    CROSS JOIN (SELECT 0 AS everyone UNION ALL SELECT 1 AS everyone) AS scopes
)
SELECT
    team,
    CAST(CEIL(100.0 * place / total) AS BIGINT) AS gated,
    COUNT(*) AS deployments,
    SUM(failed) AS failed
FROM placed
GROUP BY everyone, team, CAST(CEIL(100.0 * place / total) AS BIGINT)
ORDER BY team, gated
