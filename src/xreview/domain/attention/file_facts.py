"""What is known about a changed file beside its diff: whether tests run it, and what uses it."""

from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class TestedLines:
    """How many of the changed lines that can be executed were, by an existing coverage file.

    Args:
        source: the coverage file's path, raw.
        is_stale: the file or its tests changed since it was measured, so it proves little.
    """

    __test__ = False  # for pytest
    run: int
    of: int
    source: str
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was looked up about one file; None and False for what isn't known.

    Args:
        tested: by measured coverage.
        callers: how many places outside of the change call what changed in it.
        dependents: how many files outside of the change import or name it.
        is_released: an earlier tag has the public names that the change alters or removes.
    """

    tested: TestedLines | None = None
    callers: int | None = None
    dependents: int | None = None
    is_released: bool = False
