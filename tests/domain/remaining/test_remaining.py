"""Who counts as a reader, on which code, and when nothing can be said."""

import pytest

from tests.fakes.reports import report
from xreview.domain.decision import REASONS, Decision, Reason, Verdict
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.own_findings import YOU
from xreview.domain.remaining.remaining import (
    CodeReader,
    NoEstimate,
    is_problem,
    remaining_of,
)
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind

CLAUDE = ReviewerIdentity("claude", ReviewerKind.MODEL, "anthropic", "opus")
HAIKU = ReviewerIdentity("haiku", ReviewerKind.AGENT, "anthropic", "haiku")
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-5")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "pro")
RUFF = ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff")


def problem(*by: ReviewerIdentity, path: str = "a.py", lens: Lens = Lens.RISK) -> Finding:
    reports = tuple(report(path=path, reviewer=one, lens=lens) for one in by)
    return Finding(reports, (), Disagreement.LONE)


def reader(who: ReviewerIdentity, *paths: str, lens: Lens = Lens.RISK) -> CodeReader:
    return CodeReader(who.family, lens, frozenset(paths or ("a.py",)))


TWO = [reader(CLAUDE), reader(GPT)]
SEVEN = [problem(CLAUDE, GPT)] * 3 + [problem(CLAUDE)] * 2 + [problem(GPT)] * 2


def test_two_readers_that_share_three_of_seven() -> None:
    told = remaining_of(SEVEN, TWO)
    assert (told.found, told.shared, dict(told.by_reader)) == (7, 3, {"anthropic": 5, "openai": 5})
    assert told.unseen is not None
    assert (told.unseen.low, told.unseen.high) == (0, 13)
    assert told.why_not is None


def test_two_models_of_one_family_are_one_reader() -> None:
    told = remaining_of([problem(CLAUDE, HAIKU)] * 7, [reader(CLAUDE), reader(HAIKU)])
    assert told.why_not is NoEstimate.ONE_READER
    told = remaining_of([*SEVEN, problem(CLAUDE, HAIKU)], [*TWO, reader(HAIKU)])
    assert told.shared == 3


def test_analysers_and_models_of_unknown_family_are_no_readers() -> None:
    unknown = ReviewerIdentity("bot", ReviewerKind.AGENT, "")
    problems = [problem(CLAUDE, RUFF, unknown)] * 7
    assert remaining_of(problems, [reader(CLAUDE), reader(unknown)]).unseen is None
    told = remaining_of([*SEVEN, problem(RUFF)], TWO)
    assert told.found == 7


@pytest.mark.parametrize(
    ("problems", "why_not"),
    [
        (SEVEN[:3] + SEVEN[-1:], NoEstimate.FEW_FOUND),
        (SEVEN[2:], None),
        ([problem(CLAUDE, GPT), *SEVEN[3:]], NoEstimate.FEW_SHARED),
        ([problem(CLAUDE, GPT)] * 6 + [problem(GPT)], NoEstimate.FEW_ALONE),
    ],
)
def test_below_the_minimum_nothing_is_said(problems: list[Finding], why_not: object) -> None:
    problems = problems if why_not else [problem(CLAUDE, GPT), *problems]
    told = remaining_of(problems, TWO)
    assert told.why_not is why_not
    assert (told.unseen is None) is bool(why_not)


def test_only_files_that_all_readers_read_count() -> None:
    readers = [reader(CLAUDE, "a.py", "b.py"), reader(GPT, "a.py")]
    told = remaining_of([*SEVEN, *[problem(CLAUDE, path="b.py")] * 9], readers)
    assert (told.found, told.files, told.of_files, told.is_of_a_part) == (7, 1, 2, True)


def test_a_reader_of_little_does_not_spoil_what_two_others_read() -> None:
    readers = [*TWO, CodeReader("google", Lens.RISK, frozenset({"z.py"}))]
    assert set(remaining_of(SEVEN, readers).by_reader) == {"anthropic", "openai"}


def test_readers_with_different_lenses_are_not_compared() -> None:
    readers = [reader(CLAUDE), reader(GPT, lens=Lens.ECONOMY)]
    problems = [problem(CLAUDE)] * 5 + [problem(GPT, lens=Lens.ECONOMY)] * 5
    assert remaining_of(problems, readers).why_not is NoEstimate.ONE_READER
    told = remaining_of([*SEVEN, *problems], [*TWO, *readers])
    assert (told.found, told.lenses) == (12, {Lens.RISK})


def test_what_a_person_found_besides_is_not_left() -> None:
    before = remaining_of(SEVEN, TWO).unseen
    after = remaining_of([*SEVEN, problem(YOU)], TWO).unseen
    assert before is not None
    assert after is not None
    assert (after.likely, after.high) == (before.likely - 1, before.high - 1)
    assert remaining_of([*SEVEN, problem(YOU, path="z.py")], TWO).unseen == before


def test_three_readers_are_used_where_they_found_more() -> None:
    told = remaining_of([*SEVEN, problem(GEMINI)], [*TWO, reader(GEMINI)])
    assert (told.found, len(told.by_reader)) == (8, 3)


def test_a_rejected_finding_is_no_problem_unless_it_is_right_but_not_now() -> None:
    assert is_problem(None)
    assert all(
        is_problem(Decision(verdict, reason))
        for verdict in (Verdict.ACCEPT, Verdict.ESCALATE)
        for reason in REASONS[verdict]
    )
    kept = [one for one in REASONS[Verdict.REJECT] if is_problem(Decision(Verdict.REJECT, one))]
    assert kept == [Reason.OUT_OF_SCOPE, Reason.LATER]
