-- One row an approval of a commit.
CREATE TABLE approvals AS
SELECT id AS record, repository, team, said.event.commit AS commit_id, said.event.by AS approver
FROM records
WHERE kind = 'approval';
