-- What is read of a record's document, parsed once. A field of another type than it should have is
-- read as text where it should be text, and is NULL otherwise.
-- Input: `raw` (id, document), a batch of records as the ledger holds them.
SELECT
    id,
    json_transform(
        document,
        '{
            "kind": "VARCHAR", "time": "VARCHAR", "repository": "VARCHAR", "team": "VARCHAR",
            "corrects": "VARCHAR", "peer_group": "VARCHAR", "methodology": "VARCHAR",
            "components": ["VARCHAR"],
            "change": {
                "head": "VARCHAR", "tested": "VARCHAR", "branch": "VARCHAR",
                "default_branch": "VARCHAR", "event": "VARCHAR", "pull_request": "VARCHAR",
                "attempt": "VARCHAR", "job": "VARCHAR", "actor": "VARCHAR", "files": "VARCHAR",
                "lines_added": "VARCHAR", "lines_deleted": "VARCHAR",
                "first_commit_time": "VARCHAR"
            },
            "forge": {
                "pull_request": "VARCHAR", "opened": "VARCHAR", "merged": "VARCHAR",
                "author": "VARCHAR", "labels": ["VARCHAR"],
                "first_review_requested": "VARCHAR", "first_review": "VARCHAR",
                "approvals": [{"by": "VARCHAR", "at": "VARCHAR", "final": "VARCHAR"}],
                "changes_requested": "VARCHAR"
            },
            "runs": [{"attempt": "VARCHAR", "duration_s": "VARCHAR"}],
            "impact": {"risk": {"percentile": "VARCHAR"}},
            "score": "VARCHAR", "level": "VARCHAR", "evidence_rate": "VARCHAR",
            "verdict": "VARCHAR", "conclusion": "VARCHAR",
            "would_block": "VARCHAR", "blocked": "VARCHAR",
            "waivers": ["VARCHAR"], "break_glass": "VARCHAR",
            "cost": {"seconds": "VARCHAR"},
            "policy": {"sha256": "VARCHAR"},
            "evidence": [{"kind": "VARCHAR", "stage": "VARCHAR", "failed": "VARCHAR"}],
            "measurements": "MAP(VARCHAR, STRUCT(value VARCHAR, numerator VARCHAR, denominator VARCHAR, missing VARCHAR))",
            "objectives": "MAP(VARCHAR, STRUCT(metric VARCHAR, status VARCHAR, score VARCHAR, weight VARCHAR, waiver VARCHAR, phase VARCHAR, key VARCHAR, pass VARCHAR, warn VARCHAR, level VARCHAR))",
            "event": {
                "id": "VARCHAR", "commit": "VARCHAR", "status": "VARCHAR",
                "environment": "VARCHAR", "started": "VARCHAR", "finished": "VARCHAR",
                "caused_by": "VARCHAR", "resolved": "VARCHAR", "deployment": "VARCHAR",
                "planned": "VARCHAR", "name": "VARCHAR", "target": "VARCHAR", "good": "VARCHAR",
                "total": "VARCHAR", "tolerating": "VARCHAR", "window": "VARCHAR", "by": "VARCHAR"
            }
        }'
    ) AS said
FROM raw
