-- Days on which an objective of a team came to be enforced (by most checks of the day), or ceased to
-- be, or changed its criteria, or was asked for first or last; with what it was before.
WITH days AS (
    SELECT
        team,
        objective,
        day,
        2 * enforced > checks AS enforced,
        COALESCE(passes, '') AS passes,
        COALESCE(warns, '') AS warns
    FROM control
    WHERE 2 * asked > checks
),
compared AS (
    SELECT
        days.*,
        LAG(enforced) OVER (PARTITION BY team, objective ORDER BY day) AS enforced_before,
        LAG(passes) OVER (PARTITION BY team, objective ORDER BY day) AS passes_before,
        LAG(warns) OVER (PARTITION BY team, objective ORDER BY day) AS warns_before,
        LEAD(day) OVER (PARTITION BY team, objective ORDER BY day) AS next_day
    FROM days
),
spans AS (
    SELECT team, MIN(day) AS first_day, MAX(day) AS last_day FROM control GROUP BY team
)
SELECT
    compared.team, compared.objective, compared.day, compared.enforced, compared.enforced_before,
    compared.passes, compared.passes_before, compared.warns, compared.warns_before,
    compared.next_day, spans.first_day, spans.last_day
FROM compared
JOIN spans ON spans.team = compared.team
WHERE compared.enforced_before IS NULL
    OR compared.next_day IS NULL
    OR compared.enforced <> compared.enforced_before
    OR compared.passes <> compared.passes_before
    OR compared.warns <> compared.warns_before
ORDER BY compared.team, compared.day, compared.objective
