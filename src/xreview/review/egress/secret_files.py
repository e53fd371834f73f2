"""The files that no model can read: secret files by name (`secret_files.txt`), and ignored ones."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from xreview.config.ignore import IgnoreRules

WHY = "withheld whole: its name suggests that it holds secrets"
"""Why a secret file wasn't read, for its coverage."""


def is_readable(path: str, ignores: Callable[[str], bool]) -> bool:
    """Whether a model may read a file; `ignores` says what the settings leave out."""
    return not (ignores(path) or is_secret_file(path))


def is_secret_file(path: str) -> bool:
    """Whether no model may see a file, given its `/`-separated path."""
    by_name, by_path = _rules()
    lowered = path.lower()
    return by_name.ignores(lowered.rpartition("/")[2]) or by_path.ignores(lowered)


@cache
def _rules() -> tuple[IgnoreRules, IgnoreRules]:
    text = files("xreview.review.egress").joinpath("secret_files.txt").read_text("utf-8")
    patterns = [line for line in text.splitlines() if line and not line.startswith("#")]
    # A pattern for a name must not match a folder of that name.
    return (
        IgnoreRules(one for one in patterns if "/" not in one),
        IgnoreRules(one for one in patterns if "/" in one),
    )
