-- Since when a team's objectives have been enforced without a gap: the first day after the last one
-- on which a check did not enforce it. Only objectives that are enforced now.
WITH marked AS (
    SELECT
        team,
        objective,
        metric,
        day,
        MAX(CASE WHEN enforced < checks THEN day END) OVER (PARTITION BY team, objective) AS gap
    FROM control
)
SELECT team, objective, MAX(metric) AS metric, MIN(day) AS since
FROM marked
WHERE gap IS NULL OR day > gap
GROUP BY team, objective
ORDER BY team, objective
