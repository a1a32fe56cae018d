-- One row a record, with what a check says of itself; NULL where it does not. `job_seconds` is how
-- long the slowest job of the newest attempt ran: its jobs run side by side.
WITH slowest AS (
    SELECT number, MAX(seconds) AS seconds
    FROM (
        SELECT
            number,
            duration AS seconds,
            attempt,
            MAX(attempt) OVER (PARTITION BY number) AS newest
        FROM (
            SELECT number, number(run.duration_s) AS duration, whole(run.attempt) AS attempt
            FROM (SELECT number, UNNEST(said.runs) AS run FROM parsed)
        )
    )
    WHERE attempt = newest
    GROUP BY number
)
SELECT
    parsed.number,
    parsed.id,
    said.kind AS kind,
    moment(said.time) AS time,
    COALESCE(said.repository, '') AS repository,
    NULLIF(said.team, '') AS team,
    said.corrects AS corrects,
    said.peer_group AS peer_group,
    said.methodology AS methodology,
    said.change.head AS head,
    COALESCE(said.change.tested, said.change.head) AS tested,
    said.change.branch AS branch,
    COALESCE(TRY_CAST(said.change.default_branch AS BOOLEAN), FALSE) AS default_branch,
    said.change.event AS event,
    NULLIF(said.change.pull_request, '') AS pull_request,
    COALESCE(whole(said.change.attempt), 1) AS attempt,
    COALESCE(said.change.job, '') AS job,
    said.change.actor AS actor,
    whole(said.change.files) AS files,
    whole(said.change.lines_added) + whole(said.change.lines_deleted) AS lines,
    moment(said.change.first_commit_time) AS first_commit,
    said.forge.pull_request AS origin,
    said.forge.author AS author,
    moment(said.forge.opened) AS opened,
    moment(said.forge.merged) AS merged,
    moment(said.forge.first_review_requested) AS review_requested,
    moment(said.forge.first_review) AS reviewed,
    list_max(list_transform(said.forge.approvals, lambda one: moment(one.at))) AS approved,
    whole(said.forge.changes_requested) AS changes_requested,
    said.forge.approvals IS NOT NULL AS reviews_known,
    slowest.seconds AS job_seconds,
    score_of(said.impact.risk.percentile) AS risk,
    score_of(said.score) AS score,
    said.level AS level,
    number(said.evidence_rate) AS evidence_rate,
    COALESCE(said.verdict, 'inconclusive') AS verdict,
    said.conclusion AS conclusion,
    COALESCE(TRY_CAST(said.would_block AS BOOLEAN), FALSE) AS would_block,
    COALESCE(TRY_CAST(said.blocked AS BOOLEAN), FALSE) AS blocked,
    COALESCE(LEN(said.waivers), 0) AS waivers,
    COALESCE(said.break_glass <> 'false', FALSE) AS break_glass,
    number(said.cost.seconds) AS gate_seconds,
    said.policy.sha256 AS policy
FROM parsed
LEFT JOIN slowest ON slowest.number = parsed.number
WHERE moment(said.time) IS NOT NULL
ORDER BY parsed.number
