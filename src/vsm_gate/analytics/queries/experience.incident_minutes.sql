-- Incident minutes: minutes of the period with at least one incident open; two at once count once.
-- Over all teams, a minute in which two teams had one counts once too. n counts incidents.
WITH scoped AS (
    SELECT team, record, started, resolved FROM incidents
    UNION ALL
    SELECT CAST(NULL AS VARCHAR) AS team, record, started, resolved FROM incidents
),
clipped AS (
    SELECT
        periods.period,
        scoped.team,
        scoped.record,
        GREATEST(scoped.started, periods.since) AS opened,
        LEAST(COALESCE(scoped.resolved, periods.until), periods.until) AS closed
    FROM scoped
    JOIN periods
        ON scoped.started < periods.until
        AND COALESCE(scoped.resolved, periods.until) > periods.since
),
covered AS (
    SELECT
        *,
        MAX(closed) OVER (
            PARTITION BY period, team
            ORDER BY opened, closed, record
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS covered_until
    FROM clipped
)
SELECT
    'experience.incident_minutes' AS metric,
    period,
    team,
    SUM(
        CASE
            WHEN covered_until IS NULL OR covered_until <= opened
                THEN EXTRACT(EPOCH FROM closed - opened)
            WHEN covered_until < closed THEN EXTRACT(EPOCH FROM closed - covered_until)
            ELSE 0
        END
    ) / 60.0 AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM covered
GROUP BY period, team
