"""Where the tables of records are kept: Parquet files beside DuckDB, PostgreSQL, Spark."""
