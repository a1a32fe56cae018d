-- Control since: days to the end of the period, or to the newest check in it, for which every
-- objective that is enforced then has been enforced without a gap. Of several the shortest; n
-- counts objectives. A day with a check that did not enforce it is a gap.
WITH days AS (
    SELECT DISTINCT team, day, checks FROM control
),
ends AS (
    SELECT periods.period, days.team, MAX(days.day) AS day
    FROM days
    JOIN periods ON days.day < periods.until AND days.day >= periods.since
    GROUP BY periods.period, days.team
),
current AS (
    SELECT ends.period, ends.team, ends.day, control.objective
    FROM ends
    JOIN control ON control.team = ends.team AND control.day = ends.day
    WHERE control.enforced = control.checks
),
kept AS (
    SELECT
        current.period,
        current.team,
        current.objective,
        current.day,
        MIN(days.day) AS first,
        MAX(CASE WHEN COALESCE(control.enforced, 0) < days.checks THEN days.day END) AS gap
    FROM current
    JOIN days ON days.team = current.team AND days.day <= current.day
    LEFT JOIN control
        ON control.team = current.team
        AND control.objective = current.objective
        AND control.day = days.day
    GROUP BY current.period, current.team, current.objective, current.day
),
spans AS (
    SELECT
        period,
        team,
        EXTRACT(EPOCH FROM day - COALESCE(gap, first)) / 86400.0
            + CASE WHEN gap IS NULL THEN 1 ELSE 0 END AS days
    FROM kept
)
SELECT
    'governance.control_since' AS metric,
    period,
    team,
    MIN(days) AS value,
    COUNT(*) AS n,
    CAST(NULL AS BIGINT) AS numerator,
    CAST(NULL AS BIGINT) AS denominator
FROM spans
GROUP BY GROUPING SETS ((period, team), (period))
