-- One row a check record: what the gate said of which commit.
-- `landed` marks records of the default branch in a repository where changes are judged before they
-- land: they repeat a change that was judged already. `settled` marks the last word on a change:
-- the newest record of a pull request, or of a commit where there is none, for each job that
-- judges it. Figures about changes count settled records only, so each change once.
CREATE TABLE checks AS
WITH typed AS (
    SELECT
        number,
        id,
        time,
        repository,
        team,
        said.peer_group AS peer_group,
        said.methodology AS methodology,
        said.change.head AS head,
        COALESCE(said.change.tested, said.change.head) AS tested,
        said.change.branch AS branch,
        COALESCE(TRY_CAST(said.change.default_branch AS BOOLEAN), FALSE)
            AS default_branch,
        said.change.event AS event,
        said.change.pull_request AS pull_request,
        COALESCE(whole(said.change.attempt), 1) AS attempt,
        COALESCE(said.change.job, '') AS job,
        said.change.actor AS actor,
        COALESCE(said.components, []) AS components,
        whole(said.change.files) AS files,
        whole(said.change.lines_added)
            + whole(said.change.lines_deleted) AS lines,
        score_of(said.score) AS score,
        said.level AS level,
        number(said.evidence_rate) AS evidence_rate,
        COALESCE(said.verdict, 'inconclusive') AS verdict,
        said.conclusion AS conclusion,
        COALESCE(TRY_CAST(said.would_block AS BOOLEAN), FALSE) AS would_block,
        COALESCE(TRY_CAST(said.blocked AS BOOLEAN), FALSE) AS blocked,
        COALESCE(LEN(said.waivers), 0) AS waivers,
        COALESCE(said.break_glass <> 'false', FALSE) AS break_glass
    FROM records
    WHERE kind = 'check'
),
keyed AS (
    SELECT *, COALESCE('#' || NULLIF(pull_request, ''), tested, id) AS change_key
    FROM typed
),
placed AS (
    SELECT
        *,
        default_branch AND BOOL_OR(NOT default_branch) OVER (PARTITION BY repository) AS landed
    FROM keyed
)
SELECT
    *,
    NOT landed AND ROW_NUMBER() OVER (
        PARTITION BY repository, team, job, landed, change_key
        ORDER BY time DESC, attempt DESC, id DESC
    ) = 1 AS settled
FROM placed;
