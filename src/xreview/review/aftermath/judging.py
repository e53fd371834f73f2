"""Decides whether a later commit took back a reviewed change, or fixed lines of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.text import count_of
from xreview.repo.later.blame import LineOrigin
from xreview.repo.later.commits import LaterCommit
from xreview.review.aftermath.lines import ChangedLines, ReviewedLines, Texts
from xreview.review.aftermath.messages import fix_word, reverted_ids

LONGEST_SECONDS = 90 * 86_400.0
"""Later commits are further development, unless they say that they revert the change."""

INVERSE_SHARE = 0.8
"""How much of a change a commit must take back to be its revert without saying so."""

FEWEST_INVERSE = 3
"""Lines: a revert of fewer can be chance, if the commit doesn't say that it is one."""

Origins = Callable[[str, Sequence[int]], Mapping[int, LineOrigin]]
"""Where lines of a file, as it was before the commit, come from."""


class Aftermath(NamedTuple):
    """What a commit did to the reviewed lines of one file; `path` is as the review knew it."""

    path: str
    kind: AftermathKind
    lines: int
    subjects: tuple[str, ...]
    evidence: str


class _Hit(NamedTuple):
    line: LineOrigin
    text: str


class _Touched(NamedTuple):
    """What a commit does to one reviewed file.

    Args:
        hits: the reviewed lines that it removes. moved: how many of them it adds again elsewhere.
        restored: how many lines it adds that the change had removed. new: how many others.
    """

    path: str
    hits: list[_Hit]
    moved: int
    restored: int
    new: int

    @property
    def taken_back(self) -> int:
        return len(self.hits) + self.restored

    @property
    def is_back(self) -> bool:
        """Whether it undoes rather than replaces."""
        return self.taken_back > 0 and 2 * self.new <= self.taken_back


def aftermath_of(
    commit: LaterCommit, files: Sequence[ChangedLines], reviewed: ReviewedLines, origins: Origins
) -> list[Aftermath]:
    """Return what a commit did to a reviewed change, by file. `origins` is only asked for commits
    that may count."""
    later = commit.at - reviewed.opened
    if commit.id in reviewed.commits or later < 0:
        return []
    named = _named(commit, reviewed)
    is_soon = later <= LONGEST_SECONDS
    word = fix_word(commit.message) if is_soon else ""
    may_be_inverse = is_soon and _likeness(files, reviewed) >= INVERSE_SHARE
    if not (named or word or may_be_inverse):
        return []
    touched = list(_touched(files, reviewed, origins))
    back = [one for one in touched if one.is_back]
    is_inverse = is_soon and _is_inverse(back, reviewed)
    found: list[Aftermath] = []
    for one in touched:
        if one.is_back and (named or is_inverse):
            said = f"Its message names {named[:10]}, and it" if named else "It"
            evidence = f"{said} takes back {count_of(one.taken_back, 'line')} of the change."
            found.append(_told(one, AftermathKind.REVERTED, one.taken_back, evidence, reviewed))
        elif word and (fixed := len(one.hits) - one.moved) > 0:
            evidence = f"It changes {count_of(fixed, 'line')} and its message says “{word}”."
            found.append(_told(one, AftermathKind.FIXED, fixed, evidence, reviewed))
    return found


def _named(commit: LaterCommit, reviewed: ReviewedLines) -> str:
    """The commit of the change that a message says it reverts; "" for none."""
    ids = reverted_ids(commit.message)
    return next((one for id in ids for one in reviewed.commits if one.startswith(id)), "")


def _likeness(files: Sequence[ChangedLines], reviewed: ReviewedLines) -> float:
    """The share of the change that a commit could take back, by content alone: at most 1."""
    same = 0
    for file in files:
        if (path := reviewed.names.get(file.old_path)) is not None:
            removed = Texts(text for _, text in file.removed)
            same += (removed & reviewed.added.get(path, Texts())).total()
            same += (file.added & reviewed.removed.get(path, Texts())).total()
    return same / reviewed.total if reviewed.total else 0.0


def _is_inverse(back: Sequence[_Touched], reviewed: ReviewedLines) -> bool:
    taken = sum(one.taken_back - one.moved for one in back)
    return taken >= max(FEWEST_INVERSE, INVERSE_SHARE * reviewed.total)


def _touched(
    files: Sequence[ChangedLines], reviewed: ReviewedLines, origins: Origins
) -> Iterator[_Touched]:
    elsewhere: Counter[str] = Counter()
    for file in files:
        elsewhere += file.added
    for file in files:
        if (path := reviewed.names.get(file.old_path)) is None:
            continue
        known = origins(file.old_path, [number for number, _ in file.removed])
        hits = [
            _Hit(known[number], text)
            for number, text in file.removed
            if number in known and known[number].commit in reviewed.commits
        ]
        moved = 0
        for hit in hits:
            if elsewhere[hit.text] > 0:
                elsewhere[hit.text] -= 1
                moved += 1
        restored = (file.added & reviewed.removed.get(path, Texts())).total()
        yield _Touched(path, hits, moved, restored, file.added.total() - restored)


def _told(
    one: _Touched, kind: AftermathKind, lines: int, evidence: str, reviewed: ReviewedLines
) -> Aftermath:
    subjects = tuple(
        dict.fromkeys(
            finding.fingerprint
            for finding in reviewed.findings
            if finding.path == one.path
            and any(
                finding.start <= hit.line.line <= finding.end
                if hit.line.commit == reviewed.head
                else hit.text in finding.quote
                for hit in one.hits
            )
        )
    )
    return Aftermath(one.path, kind, lines, subjects, evidence)
