-- Objectives by status over changes at their last word. A waived objective has its own tally and
-- is counted under no status. `lost` is the mean number of points that the objective takes off
-- the score: weight × (100 − score) ÷ the weight measured in the change, over changes with a score.
WITH weights AS (
    SELECT checks.number, SUM(objectives.weight) AS measured
    FROM objectives
    JOIN checks ON checks.number = objectives.record
    WHERE checks.settled AND objectives.score IS NOT NULL
    GROUP BY checks.number
),
weighted AS (
    SELECT
        objectives.record,
        objectives.objective,
        objectives.metric,
        objectives.status,
        objectives.waiver,
        objectives.weight * (100 - objectives.score) / NULLIF(weights.measured, 0) AS gap
    FROM objectives
    LEFT JOIN weights ON weights.number = objectives.record
),
counted AS (
    SELECT periods.period, checks.team, COUNT(*) AS changes
    FROM checks
    JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
    WHERE checks.settled AND checks.score IS NOT NULL
        AND periods.period IN ('period', 'now', 'before')
    GROUP BY GROUPING SETS ((periods.period, checks.team), (periods.period))
),
tallied AS (
    SELECT
        periods.period,
        checks.team,
        weighted.objective,
        MAX(weighted.metric) AS metric,
        COUNT(*) AS n,
        COUNT(*) FILTER (WHERE weighted.waiver IS NULL AND weighted.status = 'pass') AS pass,
        COUNT(*) FILTER (WHERE weighted.waiver IS NULL AND weighted.status = 'warn') AS warn,
        COUNT(*) FILTER (WHERE weighted.waiver IS NULL AND weighted.status = 'fail') AS fail,
        COUNT(*) FILTER (WHERE weighted.waiver IS NULL AND weighted.status = 'missing') AS missing,
        COUNT(*) FILTER (WHERE weighted.waiver IS NULL AND weighted.status = 'no_baseline') AS no_baseline,
        COUNT(*) FILTER (WHERE weighted.waiver IS NULL AND weighted.status IN ('not_applicable', 'excluded'))
            AS not_applicable,
        COUNT(*) FILTER (WHERE weighted.waiver IS NOT NULL) AS waived,
        SUM(gap) AS gap
    FROM weighted
    JOIN checks ON checks.number = weighted.record
    JOIN periods ON checks.time >= periods.since AND checks.time < periods.until
    WHERE checks.settled AND periods.period IN ('period', 'now', 'before')
    GROUP BY GROUPING SETS (
        (periods.period, checks.team, weighted.objective),
        (periods.period, weighted.objective)
    )
)
SELECT
    tallied.period, tallied.team, objective, metric, n, pass, warn, fail, missing, no_baseline,
    not_applicable, waived, gap / counted.changes AS lost
FROM tallied
LEFT JOIN counted
    ON counted.period = tallied.period
    AND COALESCE(counted.team, '') = COALESCE(tallied.team, '')
ORDER BY tallied.period, tallied.team, lost DESC NULLS LAST, objective
