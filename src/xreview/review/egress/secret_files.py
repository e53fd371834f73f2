"""Files that leave the machine in no part, told by their names (`secret_files.txt`)."""

from functools import cache
from importlib.resources import files

from xreview.config.ignore import IgnoreRules

WHY = "withheld whole: by its name it holds secrets"
"""Why such a file was not read, for its coverage."""


def is_secret_file(path: str) -> bool:
    """Whether a file of that `/`-separated path, in the change or not, is shown to no model."""
    by_name, by_path = _rules()
    lowered = path.lower()
    return by_name.ignores(lowered.rpartition("/")[2]) or by_path.ignores(lowered)


@cache
def _rules() -> tuple[IgnoreRules, IgnoreRules]:
    text = files("xreview.review.egress").joinpath("secret_files.txt").read_text("utf-8")
    patterns = [line for line in text.splitlines() if line and not line.startswith("#")]
    # A pattern of a name must not take a folder of that name for a file.
    return (
        IgnoreRules(one for one in patterns if "/" not in one),
        IgnoreRules(one for one in patterns if "/" in one),
    )
