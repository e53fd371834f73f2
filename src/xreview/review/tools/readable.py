"""Which files of a repository a model may read at all."""

from collections.abc import Callable

from xreview.review.egress.secret_files import is_secret_file


def is_readable(path: str, ignores: Callable[[str], bool]) -> bool:
    """Whether a model may read a file; `ignores` says what the settings leave out."""
    return not (ignores(path) or is_secret_file(path))
