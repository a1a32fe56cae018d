-- Control since: days, to the newest day with a check in the period, for which every objective that
-- is enforced then has been enforced without a gap. Of several the shortest; n counts objectives.
-- A day on which a check did not enforce it is a gap.
WITH ends AS (
    SELECT periods.period, control.team, MAX(control.day) AS day
    FROM control
    JOIN periods ON control.day < periods.until AND control.day >= periods.since
    GROUP BY periods.period, control.team
),
kept AS (
    SELECT
        ends.period,
        control.team,
        control.objective,
        ends.day,
        MIN(control.day) AS began,
        MAX(CASE WHEN control.enforced < control.checks THEN control.day END) AS gap
    FROM ends
    JOIN control ON control.team = ends.team AND control.day <= ends.day
    GROUP BY ends.period, control.team, control.objective, ends.day
),
spans AS (
    SELECT
        period,
        team,
        CASE
            WHEN gap IS NULL THEN 1 + EXTRACT(EPOCH FROM day - began) / 86400.0
            ELSE EXTRACT(EPOCH FROM day - gap) / 86400.0
        END AS days
    FROM kept
    WHERE gap IS NULL OR gap < day
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
