-- One row an objective of a team on each day with checks, from the first day on which one asked for
-- it: how many `checks` the team had that day, how many of them asked for the objective and how
-- many enforced it, and the criteria that they applied.
WITH days AS (
    SELECT team, DATE_TRUNC('day', time) AS day, COUNT(*) AS checks
    FROM checks
    GROUP BY team, DATE_TRUNC('day', time)
),
counted AS (
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
),
firsts AS (
    SELECT team, objective, MIN(day) AS day FROM counted GROUP BY team, objective
),
everything AS (
    SELECT team, objective, day, metric, asked, enforced, 0 AS checks, passes, warns
    FROM counted
    UNION ALL
    SELECT firsts.team, firsts.objective, days.day, NULL, 0, 0, days.checks, NULL, NULL
    FROM firsts
    JOIN days ON days.team = firsts.team AND days.day >= firsts.day
)
SELECT
    team,
    objective,
    day,
    MAX(metric) AS metric,
    CAST(SUM(asked) AS BIGINT) AS asked,
    CAST(SUM(enforced) AS BIGINT) AS enforced,
    CAST(SUM(checks) AS BIGINT) AS checks,
    MAX(passes) AS passes,
    MAX(warns) AS warns
FROM everything
GROUP BY team, objective, day
