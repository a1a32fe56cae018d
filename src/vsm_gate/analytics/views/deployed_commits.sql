-- Successful production deployments, oldest first: whose commits are looked up in git.
SELECT repository, commit_id
FROM deployments
WHERE successful AND commit_id IS NOT NULL
ORDER BY finished, record
