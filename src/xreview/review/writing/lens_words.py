"""The texts of a data file in `xreview/lenses`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def lens_words(name: str) -> Mapping[str, str]:
    """The texts of `NAME.toml`, by name. Raises KeyError or ValueError if the file is wrong."""
    raw = tomllib.loads(files("xreview.lenses").joinpath(f"{name}.toml").read_text("utf-8"))
    return {key: value.strip() for key, value in raw.items() if isinstance(value, str)}
