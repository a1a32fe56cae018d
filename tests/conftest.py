"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Tests never depend on how fast the machine is. `fast` is what `make gate` runs, which people wait
# for; `long` is for a search that may take the night.
settings.register_profile("thorough", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("thorough"), max_examples=20)
settings.register_profile("long", settings.get_profile("thorough"), max_examples=20_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "thorough"))
