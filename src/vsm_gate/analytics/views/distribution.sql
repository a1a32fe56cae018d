-- Flow distribution: changes merged in the period by what they are. `work` is NULL where neither
-- labels nor conventional commits tell.
SELECT periods.period, changes.team, changes.work, COUNT(*) AS n
FROM changes
JOIN periods ON changes.merged >= periods.since AND changes.merged < periods.until
GROUP BY GROUPING SETS (
    (periods.period, changes.team, changes.work),
    (periods.period, changes.work)
)
