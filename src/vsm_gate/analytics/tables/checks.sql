-- One row a check record: what the gate said of which commit.
-- `landed` marks records of the default branch in a repository where changes are judged before they
-- land: they repeat a change that was judged already. `settled` marks the last word on a change:
-- the newest record of a pull request, or of a commit where there is none, for each job that
-- judges it. Figures about changes count settled records only, so each change once.
CREATE TABLE checks AS
WITH typed AS (
    SELECT
        id,
        time,
        repository,
        team,
        document ->> '$.peer_group' AS peer_group,
        document ->> '$.methodology' AS methodology,
        document ->> '$.change.head' AS head,
        COALESCE(document ->> '$.change.tested', document ->> '$.change.head') AS tested,
        document ->> '$.change.branch' AS branch,
        COALESCE(TRY_CAST(document ->> '$.change.default_branch' AS BOOLEAN), FALSE)
            AS default_branch,
        document ->> '$.change.event' AS event,
        document ->> '$.change.pull_request' AS pull_request,
        document ->> '$.change.run' AS run,
        COALESCE(whole(document ->> '$.change.attempt'), 1) AS attempt,
        COALESCE(document ->> '$.change.job', '') AS job,
        whole(document ->> '$.change.files') AS files,
        whole(document ->> '$.change.lines_added')
            + whole(document ->> '$.change.lines_deleted') AS lines,
        number(document ->> '$.score') AS score,
        document ->> '$.level' AS level,
        number(document ->> '$.evidence_rate') AS evidence_rate,
        COALESCE(document ->> '$.verdict', 'inconclusive') AS verdict,
        document ->> '$.conclusion' AS conclusion,
        COALESCE(TRY_CAST(document ->> '$.would_block' AS BOOLEAN), FALSE) AS would_block,
        COALESCE(TRY_CAST(document ->> '$.blocked' AS BOOLEAN), FALSE) AS blocked,
        document ->> '$.phase' AS phase,
        COALESCE(json_array_length(document, '$.waivers'), 0) AS waivers,
        COALESCE(json_type(document, '$.break_glass') NOT IN ('NULL', 'BOOLEAN'), FALSE)
            OR COALESCE(TRY_CAST(document ->> '$.break_glass' AS BOOLEAN), FALSE) AS break_glass,
        document ->> '$.policy.sha256' AS policy
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
