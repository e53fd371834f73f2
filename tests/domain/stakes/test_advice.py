from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.stakes.advice import advise, time_words
from xreview.domain.stakes.stakes import (
    FileToCheck,
    Risk,
    Stakes,
    TaskToCheck,
    WorkForm,
    WorkKind,
)
from xreview.domain.stakes.tier import Tier

MONEY = Risk("money", WorkKind.MONEY, "src/refunds.py")
TEXT = FileToCheck("README.md", WorkForm.TEXT, 2)
LOGIC = FileToCheck("a.py", WorkForm.LOGIC, 40)


def test_what_is_cheap_and_checked_at_a_glance_is_for_the_fast_model() -> None:
    advice = advise(Stakes(parts=(TEXT,)))

    assert advice.tier is Tier.FAST
    assert (
        advice.reason == "fast: a mistake is cheap, and a person can check it in about 10 seconds"
    )


@pytest.mark.parametrize(
    ("stakes", "reason"),
    [
        (Stakes(risks=(MONEY,), parts=(TEXT,)), "deep: it touches money (src/refunds.py)"),
        (
            Stakes(
                risks=(MONEY, MONEY, Risk("concurrency", WorkKind.CONCURRENCY, "a.py", "lock")),
                parts=(replace(LOGIC, names=frozenset({"pay"}), unnamed=frozenset({"pay"})),),
            ),
            "deep: it touches money (src/refunds.py) and 1 more topic, and no test names `pay`",
        ),
        (
            Stakes(risks=(Risk("money", WorkKind.MONEY, word="refund"),)),
            "deep: it touches money (“refund” in the task)",
        ),
        (
            Stakes(risks=(Risk("money", WorkKind.MONEY, "a.py", "refund"),)),
            "deep: it touches money (“refund” in a.py)",
        ),
        (Stakes(parts=(LOGIC,)), "deep: checking it takes a person about 6 minutes"),
        (Stakes(), "deep: nothing is known about the work"),
    ],
)
def test_all_else_is_for_the_deep_one(stakes: Stakes, reason: str) -> None:
    advice = advise(stakes)

    assert (advice.tier, advice.reason) == (Tier.DEEP, reason)


def test_thirty_seconds_are_the_limit() -> None:
    ten_lines = FileToCheck("a.md", WorkForm.TEXT, 10)

    assert advise(Stakes(parts=(replace(ten_lines, lines=9),))).tier is Tier.FAST
    assert advise(Stakes(parts=(ten_lines,))).tier is Tier.DEEP


def test_a_reason_is_one_line_that_is_safe_to_show() -> None:
    hostile = Risk("money", WorkKind.MONEY, "a\x1b[31m\n[bold]\u202e.py", "p\x07")

    reason = advise(Stakes(risks=(hostile,))).reason

    assert reason.isprintable()
    assert len(advise(Stakes(risks=(replace(hostile, path="x" * 9_000),))).reason) < 200


parts = st.one_of(
    st.builds(FileToCheck, st.text(max_size=8), st.sampled_from(WorkForm), st.integers(0, 10**9)),
    st.builds(TaskToCheck, st.sampled_from(WorkForm), st.integers(1, 10**6)),
)


@given(st.lists(parts, min_size=1), parts, st.booleans())
def test_more_work_never_lowers_the_tier(
    before: list[FileToCheck | TaskToCheck], more: FileToCheck | TaskToCheck, is_risky: bool
) -> None:
    one = Stakes(parts=tuple(before))
    other = Stakes(risks=(MONEY,) if is_risky else (), parts=(*before, more))

    assert advise(other).tier is Tier.DEEP or advise(one).tier is Tier.FAST
    assert not is_risky or advise(other).tier is Tier.DEEP


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "5 seconds"),
        (22, "20 seconds"),
        (59, "60 seconds"),
        (61, "1 minute"),
        (3599, "60 minutes"),
        (3600 * 57, "57 hours"),
        (10**12, "277,777,778 hours"),
    ],
)
def test_a_time_is_rough(seconds: float, words: str) -> None:
    assert time_words(seconds) == words
