"""Levels from stakes, facts, demands and experience."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.attention.attention import AttentionQuestion, ChangeAttention
from xreview.domain.attention.experience import NO_EXPERIENCE, Experience, PathExperience
from xreview.domain.attention.file_facts import FileFacts, TestedLines
from xreview.domain.attention.file_weighing import MANY_USERS
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.attention.weighing import attention_of
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.stakes.stakes import (
    FileToCheck,
    Hidden,
    Risk,
    RiskCost,
    Stakes,
    TestEdit,
    WorkForm,
    WorkKind,
)

SKIP, SKIM, READ, STUDY, DECIDE = AttentionLevel
NAMES = frozenset({"total_of"})
CODE = FileToCheck("a.py", WorkForm.LOGIC, 30, NAMES, NAMES)
TESTED = replace(CODE, unnamed=frozenset())
MONEY = Risk("money", WorkKind.MONEY, "a.py", "refund")
MAYBE = replace(MONEY, word="price", cost=RiskCost.SOME)
DELETION = Risk("deletion", WorkKind.STORED_DATA, "a.py", "purge", is_final=True)
CI = Risk("build or deployment", WorkKind.OTHER, "a.py", is_testable=False)
COVERED = FileFacts(TestedLines(10, 10, "coverage.xml"))
BARE = FileFacts(TestedLines(2, 10, "coverage.xml"))
STALE = FileFacts(TestedLines(10, 10, "coverage.xml", is_stale=True))
CLEAN = Proportion(0, 80)


def weighed(
    part: FileToCheck,
    *risks: Risk,
    facts: FileFacts | None = None,
    demanded: AttentionLevel | None = None,
    experience: Experience = NO_EXPERIENCE,
) -> ChangeAttention:
    return attention_of(
        Stakes(risks=risks, parts=(part,)),
        {part.path: facts} if facts else {},
        {part.path: demanded} if demanded else {},
        experience,
    )


def level(part: FileToCheck, *risks: Risk, **more) -> AttentionLevel:
    return weighed(part, *risks, **more).change.level


def words(found: ChangeAttention) -> list[str]:
    return [reason.words for reason in found.files["a.py"].reasons]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (FileToCheck("a.md", WorkForm.TEXT, 4), SKIP),
        (FileToCheck("a.md", WorkForm.TEXT, 400), SKIM),
        (FileToCheck("a.css", WorkForm.INTERFACE, 3), SKIP),
        (FileToCheck("a.csv", WorkForm.DATA, 300), SKIM),
        (TESTED, SKIM),
        (replace(CODE, lines=2), SKIM),
        (CODE, READ),
        (replace(TESTED, newly_named=NAMES), READ),
        (replace(TESTED, is_partly_known=True), READ),
        (replace(CODE, names=frozenset(), unnamed=frozenset()), READ),
    ],
)
def test_what_costs_nothing_is_low_as_far_as_it_is_verified(
    part: FileToCheck, expected: AttentionLevel
) -> None:
    assert level(part) is expected


@pytest.mark.parametrize(
    ("part", "risk", "expected"),
    [
        (TESTED, MAYBE, SKIM),
        (CODE, MAYBE, READ),
        (replace(CODE, lines=1), MAYBE, READ),
        (TESTED, MONEY, STUDY),
        (CODE, MONEY, DECIDE),
        (replace(CODE, lines=1), MONEY, DECIDE),
        (TESTED, DELETION, DECIDE),
        (CODE, CI, STUDY),
        (replace(CODE, form=WorkForm.DATA), MONEY, STUDY),
    ],
)
def test_what_costs_much_is_high_and_highest_unverified_or_for_good(
    part: FileToCheck, risk: Risk, expected: AttentionLevel
) -> None:
    assert level(part, risk) is expected


@pytest.mark.parametrize(
    ("facts", "expected", "said"),
    [
        (COVERED, STUDY, "tests run 10 of 10 changed lines (coverage.xml)"),
        (BARE, DECIDE, "tests run 2 of 10 changed lines (coverage.xml)"),
        (STALE, DECIDE, "the coverage in coverage.xml is older than the code"),
        (FileFacts(TestedLines(0, 0, "coverage.xml")), DECIDE, "no test names `total_of`"),
        (None, DECIDE, "no test names `total_of`"),
    ],
)
def test_measured_coverage_counts_before_names(
    facts: FileFacts | None, expected: AttentionLevel, said: str
) -> None:
    found = weighed(CODE, MONEY, facts=facts)

    assert found.change.level is expected
    assert said in words(found)


def test_low_coverage_outweighs_names_and_stale_coverage_does_not() -> None:
    assert level(TESTED, MONEY, facts=BARE) is DECIDE
    assert level(TESTED, MONEY, facts=STALE) is STUDY


def test_coverage_that_the_change_brings_along_is_not_believed() -> None:
    parts = (CODE, FileToCheck("coverage.xml", WorkForm.LOGIC, 3))
    found = attention_of(Stakes(risks=(MONEY,), parts=parts), {"a.py": COVERED}, {})

    assert found.files["a.py"].level is DECIDE


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        (Hidden.BINARY, READ),
        (Hidden.MODE, READ),
        (Hidden.LINK, STUDY),
        (Hidden.SUBMODULE, STUDY),
        (Hidden.CUT, DECIDE),
        (Hidden.UNREAD, DECIDE),
    ],
)
def test_what_the_diff_does_not_show_is_never_low(hidden: Hidden, expected: AttentionLevel) -> None:
    part = FileToCheck("a.md", WorkForm.OPAQUE, 0, hidden=hidden)
    trusting = Experience(topics={"": CLEAN})

    assert level(part, experience=trusting) is expected
    assert weighed(part).files["a.md"].reasons[0].words == hidden.value


def test_what_is_opaque_without_a_reason_is_studied() -> None:
    assert level(FileToCheck("a", WorkForm.OPAQUE, 0)) is STUDY


@pytest.mark.parametrize(
    ("edit", "risks", "expected"),
    [
        (TestEdit.ADDED, (), SKIM),
        (TestEdit.ADDED, (MAYBE,), SKIM),
        (TestEdit.ADDED, (MONEY,), READ),
        (TestEdit.ALTERED, (), READ),
        (TestEdit.WEAKENED, (), STUDY),
        (TestEdit.WEAKENED, (MONEY,), STUDY),
    ],
)
def test_added_tests_are_cheap_and_weakened_ones_are_not(
    edit: TestEdit, risks: tuple[Risk, ...], expected: AttentionLevel
) -> None:
    assert level(replace(CODE, tests=edit), *risks) is expected


def test_a_test_that_the_program_uses_is_code() -> None:
    part = replace(CODE, tests=TestEdit.ADDED)

    assert level(part, MONEY, facts=FileFacts(dependents=1)) is DECIDE


@pytest.mark.parametrize(
    ("part", "risks", "expected"),
    [(TESTED, (), READ), (CODE, (), STUDY), (TESTED, (MONEY,), STUDY)],
)
def test_many_users_raise_by_one_up_to_study(
    part: FileToCheck, risks: tuple[Risk, ...], expected: AttentionLevel
) -> None:
    found = weighed(part, *risks, facts=FileFacts(callers=MANY_USERS, dependents=3))

    assert found.change.level is expected
    assert "10 places outside of the change call it" in words(found)
    assert level(TESTED, facts=FileFacts(callers=MANY_USERS - 1)) is SKIM


def test_a_released_name_is_not_undone() -> None:
    released = FileFacts(is_released=True)

    assert level(TESTED, facts=released) is STUDY
    assert level(TESTED, MONEY, facts=released) is DECIDE


@pytest.mark.parametrize(("called", "expected"), [(0, STUDY), (2, READ), (3, STUDY), (5, DECIDE)])
def test_a_file_that_proved_wrong_is_above_what_it_was_called(
    called: int, expected: AttentionLevel
) -> None:
    experience = Experience({"a.py": PathExperience(2, "2026-01-31", called)})
    found = weighed(CODE, experience=experience)

    assert found.change.level is expected
    assert "2 problems came to light after reviews of it, the last on 2026-01-31" in words(found)
    moved = replace(CODE, path="b.py", old_path="a.py")
    assert level(moved, experience=experience) is expected


def test_what_never_proved_wrong_is_one_lower() -> None:
    trusting = Experience(topics={"": CLEAN, "money": CLEAN, "deletion": CLEAN})

    assert level(CODE, experience=trusting) is SKIM
    assert level(TESTED, experience=trusting) is SKIM
    assert level(CODE, MONEY, experience=trusting) is STUDY
    assert level(TESTED, DELETION, experience=trusting) is DECIDE
    assert level(CODE, facts=FileFacts(is_released=True), experience=trusting) is STUDY
    assert level(replace(CODE, tests=TestEdit.WEAKENED), experience=trusting) is STUDY
    assert level(CODE, demanded=READ, experience=trusting) is READ
    found = weighed(CODE, experience=trusting)
    assert words(found)[-1] == "0 of 80 files like it proved wrong later"
    assert not found.files["a.py"].reasons[-1].raises


@pytest.mark.parametrize(
    "topics",
    [{}, {"": Proportion(0, 72)}, {"": Proportion(3, 100)}, {"": Proportion(0, 9)}, {"x": CLEAN}],
)
def test_few_or_bad_experiences_earn_no_trust(topics: dict[str, Proportion]) -> None:
    assert level(CODE, experience=Experience(topics=topics)) is READ


def test_a_topic_with_a_good_record_does_not_help_beside_a_bad_one() -> None:
    experience = Experience(topics={"": Proportion(30, 80), "money": CLEAN})

    assert level(CODE, MONEY, experience=experience) is DECIDE


def test_a_file_that_moved_is_weighed_by_both_of_its_names() -> None:
    moved = replace(TESTED, path="b.py", old_path="a.py")

    assert level(moved, MONEY) is STUDY
    found = attention_of(Stakes(parts=(moved,)), {}, {"a.py": DECIDE})
    assert found.change.level is DECIDE


def test_a_change_has_the_level_of_its_highest_file_and_its_reasons() -> None:
    parts = (CODE, replace(TESTED, path="b.py"), FileToCheck("c.md", WorkForm.TEXT, 1))
    found = attention_of(
        Stakes(risks=(replace(MONEY, path="b.py"),), parts=parts), {}, {"c.md": SKIM}
    )

    assert [one.level for one in found.files.values()] == [READ, STUDY, SKIM]
    assert found.change.level is STUDY
    assert [(one.path, one.words) for one in found.change.reasons] == [
        ("b.py", "it touches money (“refund”)")
    ]
    assert found.of("elsewhere.py") == found.change


def test_more_to_read_than_fits_in_one_sitting_is_studied() -> None:
    parts = tuple(replace(CODE, path=f"{n}.py", lines=100) for n in range(3))
    assert attention_of(Stakes(parts=parts), {}, {}).change.level is READ

    more = (*parts, replace(CODE, path="x.py", lines=100))
    found = attention_of(Stakes(parts=more), {}, {})
    assert found.change.level is STUDY
    assert found.change.reasons[0].words.startswith("reading it takes about 1 hour")
    assert {one.level for one in found.files.values()} == {READ}
    skimmed = tuple(replace(TESTED, path=f"{n}.py", lines=5000) for n in range(9))
    assert attention_of(Stakes(parts=skimmed), {}, {}).change.level is SKIM


def test_code_that_a_link_replaces_is_as_expensive_as_code() -> None:
    link = FileToCheck("a.py", WorkForm.OPAQUE, 0, hidden=Hidden.LINK)
    assert level(link, MONEY) is DECIDE
    assert level(link) is STUDY


def test_a_path_that_comes_twice_has_the_higher_level() -> None:
    twice = (replace(CODE, hidden=Hidden.CUT), replace(TESTED, lines=1))

    for parts in (twice, twice[::-1]):
        found = attention_of(Stakes(parts=parts), {}, {})
        assert (found.change.level, found.files["a.py"].level) == (DECIDE, DECIDE)


def test_nothing_known_is_read() -> None:
    assert attention_of(Stakes(), {}, {}).change.level is READ


def test_every_reason_names_its_question_and_file() -> None:
    found = weighed(CODE, DELETION, facts=FileFacts(BARE.tested, 20, 3, is_released=True))
    asked = {reason.question for reason in found.files["a.py"].reasons}

    assert asked == {
        AttentionQuestion.COST,
        AttentionQuestion.CHECK,
        AttentionQuestion.CONTEXT,
        AttentionQuestion.UNDO,
    }
    assert {reason.path for reason in found.files["a.py"].reasons} == {"a.py"}


RISKS = st.builds(
    Risk,
    st.sampled_from(["money", "deletion", "a webhook"]),
    st.just(WorkKind.OTHER),
    st.just("a.py"),
    st.sampled_from(["", "word"]),
    st.sampled_from(RiskCost),
    st.booleans(),
    st.booleans(),
)
PARTS = st.builds(
    FileToCheck,
    st.just("a.py"),
    st.sampled_from(WorkForm),
    st.integers(0, 900),
    st.sampled_from([NAMES, frozenset()]),
    st.sampled_from([NAMES, frozenset()]),
    st.sampled_from([NAMES, frozenset()]),
    hidden=st.sampled_from(Hidden),
    tests=st.sampled_from(TestEdit),
)
FACTS = st.builds(
    FileFacts,
    st.none() | st.builds(TestedLines, st.integers(0, 9), st.just(9), st.just("c"), st.booleans()),
    st.none() | st.integers(0, 30),
    st.none() | st.integers(0, 30),
    st.booleans(),
)
RECORDS = st.dictionaries(
    st.sampled_from(["", "money", "deletion", "a webhook"]),
    st.sampled_from([CLEAN, Proportion(0, 10), Proportion(40, 80)]),
)
TROUBLES = st.dictionaries(
    st.just("a.py"),
    st.builds(PathExperience, st.integers(0, 3), st.just("2026-01-31"), st.integers(0, 5)),
)
EXPERIENCES = st.builds(Experience, TROUBLES, RECORDS)


@given(PARTS, st.lists(RISKS, max_size=4), RISKS, FACTS, EXPERIENCES)
def test_another_risk_never_lowers(
    part: FileToCheck, risks: list[Risk], more: Risk, facts: FileFacts, experience: Experience
) -> None:
    before = level(part, *risks, facts=facts, experience=experience)
    after = level(part, *risks, more, facts=facts, experience=experience)

    assert after >= before


@given(PARTS, st.lists(RISKS, max_size=4), FACTS, EXPERIENCES, st.integers(1, 5), st.integers(1, 5))
def test_demands_only_raise_and_levels_stay_in_range(
    part: FileToCheck,
    risks: list[Risk],
    facts: FileFacts,
    experience: Experience,
    low: int,
    high: int,
) -> None:
    low, high = sorted((low, high))
    free, less, more = (
        level(part, *risks, facts=facts, experience=experience, demanded=demanded)
        for demanded in (None, AttentionLevel(low), AttentionLevel(high))
    )

    assert 1 <= free <= less <= more <= 5
    assert more >= high


@given(PARTS, st.lists(RISKS, max_size=4), FACTS)
def test_a_bad_record_never_lowers(part: FileToCheck, risks: list[Risk], facts: FileFacts) -> None:
    wrong = Experience({"a.py": PathExperience(1, "2026-01-31", 2)}, {"": CLEAN})

    assert level(part, *risks, facts=facts, experience=wrong) >= level(part, *risks, facts=facts)
