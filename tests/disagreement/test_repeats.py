"""One rule in many places: one finding, whose places keep their identities."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disagreement.speaking import CLAUDE
from tests.fakes.reports import ECONOMY, RISK, finding, report
from xreview.disagreement.fold import FindingsFold, findings_of
from xreview.disagreement.repeats import join_repeats
from xreview.disagreement.sides import is_parted, sides_of
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Lens, Report, ReviewerIdentity, Severity
from xreview.domain.stance import Stance, StanceKind


def swallowed(path: str, line: int = 1, **more: Any) -> Report:
    return report(path=path, line=line, rule="python/swallowed-error", **more)


def found(reports: Sequence[Report], panel: Sequence[ReviewerIdentity] = ()) -> tuple[Finding, ...]:
    """The findings of reports that were all handled alike."""
    return join_repeats(findings_of(reports, panel), lambda _: None)


def places(finding: Finding) -> list[str]:
    return [f"{place.path}:{place.start_line}" for place in finding.places]


def test_a_rule_in_many_places_is_one_finding_at_the_first() -> None:
    reports = [swallowed("b.py", 9), swallowed("a.py", 30), swallowed("a.py", 3)]

    (only,) = found(reports, [RISK, CLAUDE])

    assert places(only) == ["a.py:3", "a.py:30", "b.py:9"]
    assert only.repeats == only.reports[1:]
    assert only.claims == (only.lead,)
    assert only.disagreement is Disagreement.LONE
    assert [one.kind for one in only.stances].count(StanceKind.SILENT) == 1


def test_what_speaks_most_comes_first() -> None:
    low = Severity.LOW
    reports = [
        swallowed("src/a.py", severity=low),
        swallowed("a/tests/b.py"),
        swallowed("z.py", 2),
        swallowed("z.py", 1),
    ]

    (only,) = found(reports)

    assert places(only) == ["z.py:1", "z.py:2", "src/a.py:1", "a/tests/b.py:1"]
    assert only.severity is Severity.MEDIUM


def test_each_place_keeps_its_fingerprint_when_another_appears() -> None:
    (alone,) = found([swallowed("b.py")])
    (joined,) = found([swallowed("a.py"), swallowed("b.py")])

    assert alone.fingerprint in joined.fingerprints


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(report(path="b.py", rule="python/other"), id="another rule"),
        pytest.param(swallowed("b.py", lens=Lens.ECONOMY), id="another lens"),
        pytest.param(swallowed("b.py", reviewer=ECONOMY), id="another reviewer"),
        pytest.param(swallowed("b.py", anchored=False), id="not in the code"),
        pytest.param(swallowed("b.py", severity=Severity.HIGH), id="severe"),
    ],
)
def test_what_is_not_the_same_stays_apart(other: Report) -> None:
    assert len(found([swallowed("a.py"), other])) == 2


def test_two_severe_places_are_two_decisions() -> None:
    assert len(found([swallowed(path, severity=Severity.HIGH) for path in ("a.py", "b.py")])) == 2


def test_a_model_does_not_repeat_itself() -> None:
    reports = [report(path=path, reviewer=CLAUDE) for path in ("a.py", "b.py")]

    assert len(found(reports)) == 2


def test_a_place_that_a_model_answers_is_a_finding_of_its_own() -> None:
    fold = FindingsFold([RISK, CLAUDE])
    fold.add(reports := [swallowed("a.py"), swallowed("b.py"), swallowed("c.py")])
    assert len(join_repeats(fold.findings, lambda _: None)) == 1

    rebuttal = Stance(CLAUDE, StanceKind.REBUTS, "It is logged above.", "pass")
    fold.answer([StanceTaken((reports[1].fingerprint,), rebuttal)])

    assert [places(one) for one in join_repeats(fold.findings, lambda _: None)] == [
        ["a.py:1", "c.py:1"],
        ["b.py:1"],
    ]


def test_places_never_part_into_sides() -> None:
    (only,) = found([swallowed("a.py", line) for line in range(1, 4000)])

    assert not is_parted(only)
    assert sides_of(only) == (only.reports,)


_SPOTS = st.tuples(
    st.sampled_from(["a.py", "b.py", "tests/c.py"]),
    st.sampled_from([1, 50, 99]),
    st.sampled_from(["python/x", "python/y"]),
)
_REPORTED = st.dictionaries(
    _SPOTS, st.tuples(st.sampled_from(list(Severity)), st.sampled_from(["", "accepted", "wrong"]))
)


@given(_REPORTED)
def test_joining_keeps_every_report_once_and_never_mixes_decisions(
    reported: dict[tuple[str, int, str], tuple[Severity, str]],
) -> None:
    decisions: dict[str, str] = {}
    alone: list[Finding] = []
    for (path, line, rule), (severity, decision) in reported.items():
        one = report(path=path, line=line, rule=rule, severity=severity)
        decisions[one.fingerprint] = decision
        alone.append(finding(one))

    after = join_repeats(alone, lambda one: decisions[one.fingerprint])

    kept = [one for joined in after for one in joined.reports]
    assert sorted(one.fingerprint for one in kept) == sorted(decisions)
    for joined in after:
        assert len({(one.rule, decisions[one.fingerprint]) for one in joined.reports}) == 1
        assert len(joined.reports) == 1 or joined.severity < Severity.HIGH
    heads = [(one.lead.rule, decisions[one.fingerprint]) for one in after if len(one.reports) > 1]
    assert len(heads) == len(set(heads))
