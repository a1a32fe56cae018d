"""A simulated organisation, with known truths in its data. Pure."""
