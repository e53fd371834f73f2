"""The second scene of a demonstration: a task for three scripted writers.

Light, since the command reads it before the first frame.
"""

TASK = """\
Book a payment once, however often its event comes

The processor sends an event again until it gets a 2xx, at times while the first one is still being \
handled. It waits 10 seconds, but we wait up to 20 for the database: make that 5. Add tests."""
"""What is to be done in the sample service."""

WRITERS = ("claude (scripted)", "gemini (scripted)", "gpt (scripted)")
"""Who has a script for it (`replies/*.toml`)."""

CHECKS = ("python3 -m unittest",)
"""The tests of the sample."""
