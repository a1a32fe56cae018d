"""The edge where results go out: terminal, summary, annotations, outputs."""
