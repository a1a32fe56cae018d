"""Settings of all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Tests never depend on how fast the machine is.
settings.register_profile("vsm-gate", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vsm-gate")
