-- What is read of a record's document, parsed once. A field of another type than it should have is
-- read as text where it should be text, and is NULL otherwise.
-- Input: `raw` (id, document), one JSON document a record, as the ledger holds it.
CREATE TABLE documents AS
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
                "attempt": "VARCHAR", "job": "VARCHAR", "files": "VARCHAR",
                "lines_added": "VARCHAR", "lines_deleted": "VARCHAR"
            },
            "score": "VARCHAR", "level": "VARCHAR", "evidence_rate": "VARCHAR",
            "verdict": "VARCHAR", "conclusion": "VARCHAR",
            "would_block": "VARCHAR", "blocked": "VARCHAR",
            "waivers": ["VARCHAR"], "break_glass": "VARCHAR",
            "measurements": "MAP(VARCHAR, STRUCT(value VARCHAR, numerator VARCHAR, denominator VARCHAR, missing VARCHAR))",
            "objectives": "MAP(VARCHAR, STRUCT(metric VARCHAR, status VARCHAR, score VARCHAR, value VARCHAR, baseline VARCHAR, phase VARCHAR, weight VARCHAR, waiver VARCHAR))",
            "event": {
                "id": "VARCHAR", "commit": "VARCHAR", "status": "VARCHAR",
                "environment": "VARCHAR", "started": "VARCHAR", "finished": "VARCHAR",
                "caused_by": "VARCHAR", "resolved": "VARCHAR", "deployment": "VARCHAR",
                "planned": "VARCHAR", "name": "VARCHAR", "target": "VARCHAR", "good": "VARCHAR",
                "total": "VARCHAR", "window": "VARCHAR"
            }
        }'
    ) AS said
FROM raw
QUALIFY ROW_NUMBER() OVER (PARTITION BY id) = 1;
