"""The straight road: collect, normalize, measure, score, decide, publish, record."""
