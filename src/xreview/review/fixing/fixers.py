"""What makes a fix: the interface of the mechanical fixer, of agents and of models."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Protocol

from xreview.domain.fixing.fixer import FixerIdentity, FixerReply
from xreview.domain.record import dataclass
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.review.fixing.order import FixOrder

FixerSignal = Doing | Usage | FixerReply
"""What it does now, what it used so far, and at last its reply."""


class FixTree(Protocol):
    """The files that a fixer may change."""

    @property
    def top(self) -> Path:
        """Their folder."""
        ...


@dataclass(frozen=True, slots=True)
class UsersFiles:
    """The files of the user's checkout, to say beforehand what a fixer would get of them."""

    top: Path


class Fixer(Protocol):
    """Changes the files of a tree so that accepted findings are fixed."""

    @property
    def identity(self) -> FixerIdentity:
        """Who it is."""
        ...

    def fix(self, order: FixOrder, tree: FixTree) -> AsyncGenerator[FixerSignal, None]:
        """Fix, and stream what happens; the `FixerReply` comes last, whatever fails.

        Closing the stream ends all that runs; there is no reply then, and what was changed stays.
        """
        ...
