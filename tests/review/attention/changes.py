"""Changes of real repositories, for what is looked up about them."""

import os
from pathlib import Path

from tests.repo.builder import Builder
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.session.whole_change import WholeChange, read_to_end

LONG_AGO = 1_600_000_000
"""Seconds since 1970."""


def whole(builder: Builder, **named: object) -> WholeChange:
    request = ChangeRequest(builder.top, **named)  # pyright: ignore[reportArgumentType]
    collected = collect(request)
    change = read_to_end(collected, request)
    collected.close()
    return change


def dated(path: Path, after: float = 0) -> None:
    """Set when a file was written, in seconds after `LONG_AGO`."""
    os.utime(path, (LONG_AGO + after, LONG_AGO + after))
