"""vsm-gate: a quality gate and scorecard for every pipeline."""

__version__ = "0.1.0"
