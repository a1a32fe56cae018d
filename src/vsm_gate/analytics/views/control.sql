-- Since when a team's objectives have been enforced without a gap: the day after the last one on
-- which a check did not enforce it, or the first of all. Objectives that are enforced now only.
WITH gaps AS (
    SELECT
        days.team,
        objectives.objective,
        MAX(days.day) AS day
    FROM (SELECT DISTINCT team, day, checks FROM control) AS days
    JOIN (SELECT DISTINCT team, objective FROM control) AS objectives
        ON objectives.team = days.team
    LEFT JOIN control
        ON control.team = days.team
        AND control.objective = objectives.objective
        AND control.day = days.day
    WHERE COALESCE(control.enforced, 0) < days.checks
    GROUP BY days.team, objectives.objective
)
SELECT
    control.team,
    control.objective,
    MAX(control.metric) AS metric,
    MIN(control.day) AS since
FROM control
LEFT JOIN gaps ON gaps.team = control.team AND gaps.objective = control.objective
WHERE gaps.day IS NULL OR control.day > gaps.day
GROUP BY control.team, control.objective
ORDER BY control.team, control.objective
