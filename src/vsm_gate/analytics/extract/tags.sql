-- One row for each name that a record bears: its components, the labels of its pull request, the
-- waivers that acted, who approved the revision that was merged, and the stages whose tests found
-- a failure (`stage` where a file of evidence is bound to none: unit).
SELECT DISTINCT record, tag, name
FROM (
    SELECT number AS record, 'component' AS tag, UNNEST(said.components) AS name FROM parsed
    UNION ALL
    SELECT number, 'label', UNNEST(said.forge.labels) FROM parsed
    UNION ALL
    SELECT number, 'waiver', UNNEST(said.waivers) FROM parsed
    UNION ALL
    SELECT number, 'approver', approval.by
    FROM (SELECT number, UNNEST(said.forge.approvals) AS approval FROM parsed)
    WHERE TRY_CAST(approval.final AS BOOLEAN)
    UNION ALL
    SELECT number, 'stage', COALESCE(file.stage, 'unit')
    FROM (SELECT number, UNNEST(said.evidence) AS file FROM parsed)
    WHERE file.kind = 'tests'
    UNION ALL
    SELECT number, 'failed stage', COALESCE(file.stage, 'unit')
    FROM (SELECT number, UNNEST(said.evidence) AS file FROM parsed)
    WHERE file.kind = 'tests' AND whole(file.failed) > 0
)
WHERE name IS NOT NULL
ORDER BY tag, record, name
