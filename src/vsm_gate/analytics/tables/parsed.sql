-- What is read of a record's document, parsed once. A field of another type than it should have is
-- read as text where it should be text, and is NULL otherwise.
-- Input: `raw` (number, id, document), a batch of records as the ledger holds them, in their order.
CREATE OR REPLACE TABLE parsed AS
SELECT
    number,
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
                "lines_added": "VARCHAR", "lines_deleted": "VARCHAR"
            },
            "score": "VARCHAR", "level": "VARCHAR", "evidence_rate": "VARCHAR",
            "verdict": "VARCHAR", "conclusion": "VARCHAR",
            "would_block": "VARCHAR", "blocked": "VARCHAR",
            "waivers": ["VARCHAR"], "break_glass": "VARCHAR",
            "measurements": "MAP(VARCHAR, STRUCT(value VARCHAR, numerator VARCHAR, denominator VARCHAR, missing VARCHAR))",
            "objectives": "MAP(VARCHAR, STRUCT(metric VARCHAR, status VARCHAR, score VARCHAR, weight VARCHAR, waiver VARCHAR))",
            "event": {
                "id": "VARCHAR", "commit": "VARCHAR", "status": "VARCHAR",
                "environment": "VARCHAR", "started": "VARCHAR", "finished": "VARCHAR",
                "caused_by": "VARCHAR", "resolved": "VARCHAR", "deployment": "VARCHAR",
                "planned": "VARCHAR", "name": "VARCHAR", "target": "VARCHAR", "good": "VARCHAR",
                "total": "VARCHAR", "window": "VARCHAR", "by": "VARCHAR"
            }
        }'
    ) AS said
FROM raw;
