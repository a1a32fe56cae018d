"""The audit: a complete population, its evidence, and what has none."""
