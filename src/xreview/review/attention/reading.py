"""Reads the attention of a change: what is at stake, what is known about its files, what is
demanded, and what happened before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from xreview.config.demanded import demanded_levels
from xreview.config.ignore import rules_of
from xreview.config.schema import Settings
from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.experience import NO_EXPERIENCE
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.attention.weighing import attention_of
from xreview.domain.change import FileDiff
from xreview.domain.errors import XReviewError
from xreview.domain.record import dataclass, field, replace
from xreview.domain.stakes.stakes import FileToCheck, Stakes, WorkForm
from xreview.review.attention.file_facts import FoundFacts, find_facts
from xreview.review.record.experience import read_experience
from xreview.review.session.contained import contained
from xreview.review.session.whole_change import WholeChange
from xreview.review.stakes.reading import read_stakes

Read = TypeVar("Read")


class WeighedChange(NamedTuple):
    """What is at stake in a change, how much human reading it deserves, and notices about what
    couldn't be looked up: sentences, raw."""

    stakes: Stakes
    attention: ChangeAttention
    notices: tuple[str, ...] = ()


def read_attention(change: WholeChange, settings: Settings, journal: Path) -> WeighedChange:
    """Return how much human reading a change deserves.

    Files that the user ignores aren't weighed; those that only the repository ignores are, because
    a repository can raise levels and never lower them. Where a part can't be read, what it could
    have raised is taken for raised, with the reason. Blocks on git and on the journal.
    """
    ignores = rules_of(settings.ignore).ignores
    files = tuple(file for file in change.files if not ignores(file.path))
    gaps = _Gaps()
    stakes = gaps.read(
        partial(read_stakes, files, change.tree),
        partial(_unknown_stakes, files),
        _Gap(AttentionQuestion.COST, "what it touches", AttentionLevel.DECIDE),
    )
    facts = gaps.read(
        partial(find_facts, change, files),
        FoundFacts,
        _Gap(AttentionQuestion.CHECK, "what tests and uses it", AttentionLevel.STUDY),
    )
    experience = gaps.read(
        partial(read_experience, journal, change.repository_name),
        lambda: NO_EXPERIENCE,
        _Gap(AttentionQuestion.EXPERIENCE, "earlier reviews", AttentionLevel.STUDY),
    )
    weighed = gaps.read(
        lambda: attention_of(stakes, facts.files, _demanded(settings, files), experience),
        lambda: ChangeAttention(Attention(AttentionLevel.READ)),
        _Gap(AttentionQuestion.COST, "how much attention it deserves", AttentionLevel.DECIDE),
    )
    raised = gaps.raised(weighed, (file.path for file in files))
    return WeighedChange(stakes, raised, facts.notices)


def _demanded(settings: Settings, files: Sequence[FileDiff]) -> Mapping[str, AttentionLevel]:
    """The least levels of files: a renamed one is held to what its old path demands, too."""
    by_path = demanded_levels(settings, [one for file in files for one in _paths(file)])
    found = (
        (file.path, [by_path[one] for one in _paths(file) if one in by_path]) for file in files
    )
    return {path: max(levels) for path, levels in found if levels}


def _paths(file: FileDiff) -> tuple[str, ...]:
    return tuple(filter(None, (file.path, file.old_path)))


def _unknown_stakes(files: Iterable[FileDiff]) -> Stakes:
    """The stakes of files that nothing is known about: none of them can be glanced at."""
    parts = (FileToCheck(file.path, WorkForm.OPAQUE, file.added + file.removed) for file in files)
    return Stakes(parts=tuple(parts))


@dataclass(frozen=True, slots=True)
class _Gap:
    """Something that couldn't be read, and the least level of what depends on it."""

    question: AttentionQuestion
    what: str
    least: AttentionLevel
    why: str = ""

    @property
    def reason(self) -> AttentionReason:
        return AttentionReason(self.question, f"{self.what} couldn't be read: {self.why}")


@dataclass(slots=True)
class _Gaps:
    """What couldn't be read so far."""

    found: list[_Gap] = field(default_factory=list[_Gap])

    def read(self, read: Callable[[], Read], otherwise: Callable[[], Read], gap: _Gap) -> Read:
        """What `read` returns; if it fails, the gap is kept, and `otherwise` is used."""
        try:
            with contained(f"Reading {gap.what}"):
                return read()
        except XReviewError as error:
            self.found.append(replace(gap, why=error.message))
            return otherwise()

    def raised(self, weighed: ChangeAttention, paths: Iterable[str]) -> ChangeAttention:
        """The attention with the change and each file raised to what the gaps demand."""
        if not self.found:
            return weighed
        files = {path: self._raised(weighed.of(path), path) for path in paths}
        return ChangeAttention(self._raised(weighed.change), files)

    def _raised(self, attention: Attention, path: str = "") -> Attention:
        least = max(gap.least for gap in self.found)
        own = tuple(replace(gap.reason, path=path) for gap in self.found)
        is_raised = least > attention.level
        reasons = (*own, *attention.reasons) if is_raised else (*attention.reasons, *own)
        return Attention(max(least, attention.level), reasons)
