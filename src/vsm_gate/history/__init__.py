"""The history branch: an append-only ledger in git."""
