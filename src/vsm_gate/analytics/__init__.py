"""Records in, figures out: plain SQL on DuckDB, in process.

`tables/` turns records into a few tables, `queries/` holds one file a figure, `views/` what the
report shows beside them. A query reads the tables and `periods` (period, since, until, days), and
groups by team and over all teams (team NULL).
"""
