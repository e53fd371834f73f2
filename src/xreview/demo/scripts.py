"""The written replies of the demonstration: one file for each model (`replies/*.toml`)."""

from functools import cache
from importlib.resources import files

from xreview.models.replay import ReplayModel, ReplayPace, Script, parse_script

FOLDER = "replies"

LIKE_A_MODEL = ReplayPace(thinking=0.6, characters=2500)
"""Fast enough not to be waited for, slow enough to be seen to come."""


@cache
def scripts() -> tuple[Script, ...]:
    """What each model says, in the order of the files' names."""
    folder = files("xreview.demo").joinpath(FOLDER)
    found = sorted(
        (one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name
    )
    return tuple(parse_script(one.read_text("utf-8")) for one in found)


def scripted_models(pace: ReplayPace = LIKE_A_MODEL) -> tuple[ReplayModel, ...]:
    """The models that take part in the demonstration."""
    return tuple(ReplayModel(script, pace) for script in scripts())
