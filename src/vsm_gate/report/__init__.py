"""The report: a static site, and the same figures as data."""
