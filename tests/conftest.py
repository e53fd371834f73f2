"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# How long something takes is for `bench/`: a test must pass on a busy machine too.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
