"""Weighs the questions that a level depends on, by rules that a person can check.

The level of a file, from what a mistake in it costs, how it is verified, and whether it can be
undone:

    a mistake costs  verified   undone      level
    nothing          at a look  -           1 skip    (documentation; data, style of a few lines)
    nothing          by tests   -           2 skim    (or so short that it takes less than 30 s)
    nothing          no         -           3 read
    some             yes        -           2 skim
    some             no         -           3 read
    much             yes        yes         4 study   (also if no test can run it: CI, lock files)
    much             no         yes         5 decide
    much             -          no          5 decide

What counts as verified by tests is in `verifying`. Files of tests, and what a diff doesn't show,
have levels of their own. Then, in this order: many users outside of the change raise by one, up to
4; a released name that changes raises to 4, or to 5 where a mistake costs much; what proved too low
before raises; a topic that hardly ever proved wrong lowers by one, never below 2 (`trust`); what
the settings demand raises. Nothing else lowers, so nothing that a change says or names itself can.

The level of a change is its highest file's. Many files to read make it 4, for their number alone:
more than an hour of reading is more than one sitting, after which reviewers find far less (Cohen,
Teleki and Brown, as in `domain.stakes.stakes`).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, zip_longest

from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.experience import NO_EXPERIENCE, Experience
from xreview.domain.attention.file_facts import FileFacts
from xreview.domain.attention.file_weighing import weighed_file
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.record import replace
from xreview.domain.stakes.advice import time_words
from xreview.domain.stakes.stakes import FileToCheck, Risk, Stakes

ONE_SITTING = 3600.0
"""Seconds of reading."""

_REASONS_OF_A_CHANGE = 12


def attention_of(
    stakes: Stakes,
    facts: Mapping[str, FileFacts],
    demanded: Mapping[str, AttentionLevel],
    experience: Experience = NO_EXPERIENCE,
) -> ChangeAttention:
    """Return the attention of a change and of each of its files.

    Args:
        facts: by path; what isn't there is unknown.
        demanded: the least level of files, by path; that of an earlier path counts as well.
    """
    parts = [part for part in stakes.parts if isinstance(part, FileToCheck)]
    risks = _by_path(stakes.risks)
    changed = frozenset(path for part in parts for path in (part.path, part.old_path) if path)
    files: dict[str, Attention] = {}
    for part in parts:
        found = weighed_file(
            part,
            [risk for path in (part.path, part.old_path) for risk in risks.get(path, ())],
            _believable(facts.get(part.path, FileFacts()), changed),
            max(demanded.get(path, AttentionLevel.SKIP) for path in (part.path, part.old_path)),
            experience,
        )
        earlier = files.get(part.path, found)  # a patch can have a file twice
        files[part.path] = max(earlier, found, key=lambda one: one.level)
    return ChangeAttention(_whole(parts, files), files)


def _by_path(risks: Iterable[Risk]) -> Mapping[str, list[Risk]]:
    found: dict[str, list[Risk]] = {}
    for risk in risks:
        found.setdefault(risk.path, []).append(risk)
    return found


def _believable(facts: FileFacts, changed: frozenset[str]) -> FileFacts:
    """The facts without coverage that the change itself brings along."""
    if facts.tested is not None and facts.tested.source in changed:
        return replace(facts, tested=None)
    return facts


def _whole(parts: Sequence[FileToCheck], files: Mapping[str, Attention]) -> Attention:
    if not files:
        nothing = AttentionReason(AttentionQuestion.COST, "nothing is known about the change")
        return Attention(AttentionLevel.READ, (nothing,))
    top = max(one.level for one in files.values())
    reasons = _reasons_of(one for one in files.values() if one.level is top)
    to_read = {part for part in parts if files[part.path].level >= AttentionLevel.READ}
    seconds = sum(part.seconds for part in to_read)
    if top is AttentionLevel.READ and seconds > ONE_SITTING:
        many = AttentionReason(
            AttentionQuestion.CHECK,
            f"reading it takes about {time_words(seconds)}, which is more than one sitting",
        )
        return Attention(AttentionLevel.STUDY, (many, *reasons))
    return Attention(top, reasons)


def _reasons_of(setting: Iterable[Attention]) -> tuple[AttentionReason, ...]:
    """The reasons of the files that set the level: the weightiest of each, then the next ones."""
    level = AttentionLevel.SKIP
    rows: list[tuple[AttentionReason, ...]] = []
    for one in setting:
        level = one.level
        rows.append(one.reasons)
    columns = zip_longest(*rows)
    said = (reason for column in columns for reason in column if reason is not None)
    raising = (one for one in said if one.raises or level < AttentionLevel.READ)
    return tuple(islice(raising, _REASONS_OF_A_CHANGE))
