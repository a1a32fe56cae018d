"""The report: a static site, or the same figures as JSON, Markdown and CSV."""
