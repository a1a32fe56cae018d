-- One row a check record: what the gate said of which commit.
-- `landed` marks records of the default branch in a repository where changes are judged before they
-- land: they repeat a change that was judged already. `settled` marks the last word on a change:
-- the newest record of a pull request, or of a commit where there is none, for each job that
-- judges it. Figures about changes count settled records only, so each change once.
WITH typed AS (
    SELECT
        entries.number,
        entries.time,
        entries.repository,
        records.team,
        entries.tested,
        entries.default_branch,
        entries.pull_request,
        entries.attempt,
        entries.job,
        entries.lines,
        entries.risk,
        entries.score,
        entries.verdict,
        entries.conclusion,
        entries.would_block,
        entries.blocked,
        entries.waivers,
        entries.break_glass,
        entries.gate_seconds,
        COALESCE('#' || entries.pull_request, entries.tested, entries.id) AS change_key
    FROM records
    JOIN entries ON entries.number = records.number
    WHERE records.kind = 'check'
),
judged_before AS (
    SELECT DISTINCT repository FROM typed WHERE NOT default_branch
),
placed AS (
    SELECT
        typed.*,
        typed.default_branch AND judged_before.repository IS NOT NULL AS landed
    FROM typed
    LEFT JOIN judged_before ON judged_before.repository = typed.repository
),
last_words AS (
    SELECT number
    FROM placed
    WHERE NOT landed
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY repository, team, job, change_key
        ORDER BY time DESC, attempt DESC, number DESC
    ) = 1
)
SELECT placed.*, last_words.number IS NOT NULL AS settled
FROM placed
LEFT JOIN last_words ON last_words.number = placed.number
