"""Records in, figures out: plain SQL on DuckDB, in process.

`tables/` turns records into a few tables, `queries/` holds one file a figure, `views/` what the
report lists beside them. Each query reads those tables and `periods` (period, since, until, days)
and groups by team and over all teams (team NULL), so it can be pasted into any SQL tool that has
the tables.
"""
