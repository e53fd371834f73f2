"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# How long something takes is for `bench/`: a test must pass on a machine that does other things too.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=False
)
settings.load_profile("untimed")
