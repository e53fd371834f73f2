"""Taken lines are found where they are now, and only those."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.authorship.author import EvidenceKind
from xreview.domain.events.attempt_events import TakenLines
from xreview.domain.report import Confidence, ReviewerIdentity, ReviewerKind
from xreview.repo.attribution.attempt_lines import (
    TakenFromAttempt,
    attempt_evidence,
    digest_of_lines,
)

CLAUDE = ReviewerIdentity("claude-code", ReviewerKind.AGENT, "anthropic", "claude-opus-5")
LOCAL = ReviewerIdentity("llama", ReviewerKind.MODEL, "", "llama-9")


def taken(*lines: str, start=1, length=1, path="a.py", label="A", writer=CLAUDE):
    """A take of these lines, in ranges of some length."""
    ranges = [
        TakenLines(
            label,
            path,
            start + at,
            start + at + len(part) - 1,
            digest_of_lines(line.encode("utf-8", "surrogateescape") for line in part),
        )
        for at in range(0, len(lines), length)
        for part in (lines[at : at + length],)
    ]
    return TakenFromAttempt(label, writer, "2026-12-01T10:00:00.000000+00:00", tuple(ranges))


def now(*lines: str, path="a.py"):
    return {path: dict(enumerate(lines, 1))}


def numbers(*takes, added) -> dict[str, set[int]]:
    """Whose which lines are, by the names of the writers."""
    found: dict[str, set[int]] = {}
    for one in attempt_evidence(takes, added):
        for lines in one.lines:
            assert lines.ranges, "no range means the whole file"
            for start, end in lines.ranges:
                found.setdefault(one.pointer.split()[5], set()).update(range(start, end + 1))
    return found


def test_the_digest_is_of_lines_with_line_feeds():
    assert digest_of_lines([b"a\r", b""]) == hashlib.sha256(b"a\r\n\n").hexdigest()


def test_who_it_names():
    (known,) = attempt_evidence([taken("total = 1")], now("total = 1"))
    assert (known.kind, known.tool, known.vendor) == (
        EvidenceKind.ATTEMPT, "claude-code", "anthropic",
    )  # fmt: skip
    assert (known.model, known.confidence) == ("claude-opus-5", Confidence.HIGH)
    assert known.pointer == "you took it from attempt A (claude-code) on 2026-12-01"
    (local,) = attempt_evidence([taken("total = 1", writer=LOCAL)], now("total = 1"))
    assert (local.tool, local.vendor, local.model) == ("", "", "llama-9")


def test_a_line_belongs_to_the_latest_take_that_has_it():
    first, second = taken("total = 1", "other = 2"), taken("total = 1", label="B")
    added = now("total = 1", "other = 2")
    assert numbers(first, second, added=added) == {"B": {1}, "A": {2}}


def test_a_repeated_line_is_claimed_as_often_as_it_was_taken():
    assert numbers(taken("total += 1", start=3), added=now(*["total += 1"] * 4)) == {"A": {3}}


def test_a_longer_range_is_found_whole_or_not_at_all():
    lines = [f"value_{number} = {number}" for number in range(6)]
    edited = [*lines[:4], "mine = 1", lines[5]]
    assert numbers(taken(*lines, length=3), added=now(*edited)) == {"A": {1, 2, 3}}


TEXTS = st.lists(
    st.sampled_from(["total += price", "return total", "}", "", "else:", "pass", "\udcff = 1"]),
    max_size=12,
)


@given(TEXTS, TEXTS, st.integers(1, 4))
def test_only_lines_that_are_there_are_claimed_and_each_once(lines, file, length):
    added = now(*file)
    found = numbers(taken(*lines, length=length), taken(*lines, label="B"), added=added)
    claimed = [number for own in found.values() for number in own]
    assert len(claimed) == len(set(claimed))
    assert all(file[number - 1] in lines for number in claimed)


@given(TEXTS, st.integers(0, 5), st.integers(1, 4))
def test_moved_as_a_whole_they_are_all_found(lines, shift, length):
    telling = ["first = 1", *lines]
    file = [*(f"mine_{number} = 0" for number in range(shift)), *telling]
    found = numbers(taken(*telling, length=length), added=now(*file))
    whole = set(range(shift + 1, shift + len(telling) + 1))
    assert found.get("A", set()) <= whole
    if length == 1:
        assert found == {"A": whole}
