"""The second scene of a demonstration: a task for three scripted writers.

Light, since the command reads it before the first frame.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from xreview.config.schema import FixSettings, Settings
from xreview.domain.record import replace

TASK = """\
Book a payment once, however often its event comes

The processor sends an event again until it gets a 2xx, at times while the first one is still \
being handled. It waits 10 seconds, but we wait up to 20 for the database: make that 5. Add \
tests."""
"""What is to be done in the sample service."""

WRITERS = ("claude (scripted)", "gemini (scripted)", "gpt (scripted)")
"""Who has a script for it (`replies/*.toml`)."""

CHECKS = ("python3 -m unittest",)
"""The tests of the sample."""


def scene_settings(settings: Settings) -> Settings:
    """The settings with the scripted writers and the sample's tests."""
    attempts = replace(settings.attempts, writers=WRITERS)
    return replace(settings, fix=FixSettings(check=CHECKS), attempts=attempts)


def own_python(environ: Mapping[str, str]) -> dict[str, str]:
    """The search path for the sample's tests, which need the Python that runs this program.

    No other variable is passed on: a demonstration looks for no keys.
    """
    folders = (str(Path(sys.executable).parent), environ.get("PATH", ""))
    return {"PATH": os.pathsep.join(filter(None, folders))}
