-- One row an objective of a team on a day: how many of the team's `checks` of that day asked for it
-- and how many enforced it, and the criteria that they applied.
WITH days AS (
    SELECT team, DATE_TRUNC('day', time) AS day, COUNT(*) AS checks
    FROM checks
    GROUP BY team, DATE_TRUNC('day', time)
),
asked AS (
    SELECT
        checks.team,
        objectives.objective,
        DATE_TRUNC('day', checks.time) AS day,
        MAX(objectives.metric) AS metric,
        COUNT(*) AS asked,
        COUNT(*) FILTER (WHERE objectives.phase = 'enforce') AS enforced,
        MAX(objectives.passes) AS passes,
        MAX(objectives.warns) AS warns
    FROM objectives
    JOIN checks ON checks.number = objectives.record
    GROUP BY checks.team, objectives.objective, DATE_TRUNC('day', checks.time)
)
SELECT
    asked.team, asked.objective, asked.day, asked.metric, asked.asked, asked.enforced, days.checks,
    asked.passes, asked.warns
FROM asked
JOIN days ON days.team = asked.team AND days.day = asked.day
