"""Benchmarks: whole processes against peers, ratios of one run. `make bench`."""
