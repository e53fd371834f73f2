from dataclasses import replace

import pytest

from tests.domain.attempt.texts import diff_of
from tests.review.attempts import conflicts
from tests.review.attempts.conflicts import (
    BASE,
    TEXTS,
    A,
    graft,
    notices_in,
    reports_of,
    take,
    trial,
    updates_of,
)
from xreview.disagreement.fold import FindingsFold
from xreview.domain.attempt.comparing import compare_attempts
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Report, Severity
from xreview.domain.stance import Stance, StanceKind
from xreview.review.attempts.snapshot import TrialSnapshot
from xreview.review.attempts.trade_offs import (
    MOST_FINDINGS,
    is_between_attempts,
    trade_off_reviewer,
    trade_off_stances,
)


async def findings(snapshot: TrialSnapshot, taken, new: str) -> tuple[Finding, ...]:
    """The findings of the session after a take, as it makes them."""
    reviewer = trade_off_reviewer(taken, snapshot)
    assert reviewer is not None
    reports = await reports_of(reviewer, new)
    fold = FindingsFold()
    fold.add(reports)
    fold.answer(trade_off_stances(reports, taken, snapshot))
    fold.settle()
    return fold.findings


def sides(finding: Finding) -> list[Stance]:
    """The stances of those who didn't raise it."""
    return [one for one in finding.stances if one.kind is not StanceKind.RAISES]


async def test_each_conflict_is_one_trade_off_with_both_sides():
    snapshot, taken = trial(), take("A")
    charge, refund = sorted(
        await findings(snapshot, taken, A), key=lambda one: one.anchor.start_line
    )
    assert charge.disagreement is refund.disagreement is Disagreement.TRADE_OFF

    assert [one.reviewer.label for one in charge.reports] == [
        "attempt B (agent: openai gpt-5)",
        "attempt C (model: google pro)",
    ]
    assert charge.lead.title == "Attempt B does this differently in charge"
    assert charge.lead.claim == (
        "Attempt B has `backoff`, `tries` in 1 line."
        " Attempt A, which you took, has `attempt`, `range`, `time`, `sleep` in 3 lines."
    )
    assert charge.lead.severity is Severity.LOW
    assert charge.lead.suggestion is not None
    assert charge.lead.suggestion.replacement == (
        "    return backoff(gateway.charge, order.amount, tries=5)"
    )
    assert (charge.anchor.start_line, charge.anchor.end_line) == (5, 7)
    (stance,) = sides(charge)
    assert (stance.party.name, stance.party.family) == ("attempt A", "anthropic")
    assert stance.kind is StanceKind.TRADE_OFF
    assert stance.quote == "    for attempt in range(3):"
    assert "`time`, `sleep` in 3 lines" in stance.argument
    assert "says that it handles: “A timeout is retried.”" in stance.argument

    (report,) = refund.reports
    assert report.severity is Severity.MEDIUM
    assert report.title == "Attempt B handles a case that attempt A leaves out in refund"
    assert report.scenario == (
        "Attempt B says that it handles: “A refund of more than what is left raises Overdrawn.”\n"
        "Attempt A says that it leaves out: “A refund of more than what is left.”"
    )
    assert report.settle.startswith("A test of this case: A refund")
    assert is_between_attempts(refund, snapshot)


async def test_a_replacement_makes_the_other_attempt_of_the_file():
    snapshot, texts = trial(), dict(TEXTS)
    for label, text in texts.items():
        reviewer = trade_off_reviewer(take(label), snapshot)
        assert reviewer is not None
        reports = await reports_of(reviewer, text)
        assert reports
        for other in {one.reviewer.name.removeprefix("attempt ") for one in reports}:
            lines = text.split("\n")
            own = [one for one in reports if one.reviewer.name == f"attempt {other}"]
            for one in sorted(own, key=lambda one: -one.anchor.start_line):
                assert one.anchored
                assert one.suggestion is not None
                assert one.suggestion.replacement is not None
                place = slice(one.anchor.start_line - 1, one.anchor.end_line)
                lines[place] = one.suggestion.replacement.split("\n")
            if label == "A" or {label, other} == {"B", "A"}:
                # C leaves `refund` as it was, so that it reports nothing there.
                expected = texts[other] if other != "C" else None
                assert expected is None or "\n".join(lines) == expected


async def test_a_graft_has_the_side_of_the_attempt_that_was_taken_there():
    snapshot = trial()
    new, taken = graft(snapshot, ["B", "A"])
    charge, refund = sorted(
        await findings(snapshot, taken, new), key=lambda one: one.anchor.start_line
    )
    assert [one.reviewer.name for one in charge.reports] == ["attempt A", "attempt C"]
    assert [one.party.name for one in sides(charge)] == ["attempt B"]
    assert [one.reviewer.name for one in refund.reports] == ["attempt B"]
    assert [one.party.name for one in sides(refund)] == ["attempt A"]


async def test_what_the_user_rewrote_or_never_took_is_no_finding():
    snapshot = trial()
    rewritten = A.replace("time.sleep(attempt)", "time.sleep(2 ** attempt)")
    (left,) = await findings(snapshot, take("A"), rewritten)
    assert left.lead.title.endswith("in refund")
    moved = "# a new first line\n" * 7 + A
    places = [one.anchor.start_line for one in await findings(snapshot, take("A"), moved)]
    assert sorted(places) == [12, 50]
    new, taken = graft(snapshot, ["B", ""])
    assert [one.lead.title for one in await findings(snapshot, taken, new)] == [
        "Attempt A does this differently in charge"
    ]


def test_no_conflict_has_no_reviewer():
    base = BASE
    alone = trial(base, {"A": A, "B": BASE})
    assert trade_off_reviewer(take("A"), alone) is None
    assert trade_off_reviewer(take("A"), conflicts.without_comparison(trial())) is None
    both_others = trial(base, {**TEXTS, "A": BASE + "x = 1\n"})
    assert trade_off_reviewer(take("A"), both_others) is None


async def test_pieces_of_one_function_or_near_each_other_are_one_finding():
    base = "def f(a):\n" + "".join(f"    step_{number}(a)\n" for number in range(40))
    ours = base.replace("step_3(", "mine_3(").replace("step_30(", "mine_30(")
    theirs = base.replace("step_3(", "their_3(").replace("step_30(", "their_30(")
    snapshot = trial(base, {"A": ours, "B": theirs}, {})
    reviewer = trade_off_reviewer(take("A"), snapshot)
    assert reviewer is not None
    (report,) = await reports_of(reviewer, ours, base)
    assert (report.anchor.start_line, report.anchor.end_line) == (5, 32)
    assert report.suggestion is not None
    assert report.suggestion.replacement == "\n".join(theirs.split("\n")[4:32])
    assert report.claim.startswith("Attempt B has `their_3`, `their_30` in 2 lines.")


def many(count: int) -> tuple[str, str, str]:
    base = "".join(f"value_{number} = {number}\n" + "\n# apart\n" * 12 for number in range(count))
    ours, theirs = base, base
    for number in range(count):
        line = f"value_{number} = {number}\n"
        more = "".join(f"ours_{number}_{row} = 1\n" for row in range(number + 1))
        ours = ours.replace(line, more, 1)
        theirs = theirs.replace(line, f"theirs_{number} = 1\n", 1)
    return base, ours, theirs


async def test_the_largest_places_come_first_and_the_rest_is_told():
    base, ours, theirs = many(MOST_FINDINGS + 3)
    snapshot = trial(base, {"A": ours, "B": theirs}, {})
    reviewer = trade_off_reviewer(take("A"), snapshot)
    assert reviewer is not None
    updates = await updates_of(reviewer, ours, base)
    reports = [one.what for one in updates if isinstance(one.what, Report)]
    sizes = [one.anchor.end_line - one.anchor.start_line + 1 for one in reports]
    assert sizes == list(range(15, 3, -1))
    (notice,) = notices_in(updates)
    assert (notice.sentence, notice.left_out) == (
        "Attempts conflict in 3 more places. Press G to compare them.",
        3,
    )
    fold = FindingsFold()
    fold.add(reports)
    fold.settle()
    assert len(fold.findings) == MOST_FINDINGS, "places apart are findings apart"
    (entry,) = [one.what for one in updates if isinstance(one.what, CoverageEntry)]
    assert (entry.reading, entry.expected) == (Reading.SKIPPED, True)


async def test_a_long_place_is_quoted_in_part_without_a_replacement():
    base = "start\nend\n"
    ours = "start\n" + "".join(f"ours_{number}\n" for number in range(100)) + "end\n"
    theirs = "start\n" + "".join(f"theirs_{number}\n" for number in range(90)) + "end\n"
    snapshot = trial(base, {"A": ours, "B": theirs}, {})
    reviewer = trade_off_reviewer(take("A"), snapshot)
    assert reviewer is not None
    (report,) = await reports_of(reviewer, ours, base)
    assert report.anchor.quote == "\n".join(f"ours_{number}" for number in range(6))
    assert report.suggestion is not None
    assert report.suggestion.replacement is None
    (stance,) = trade_off_stances([report], take("A"), snapshot)
    assert stance.stance.argument.startswith("Attempt A has `ours_0`")


async def test_lines_that_were_removed_are_shown_on_the_old_side():
    ours = BASE.replace("    return gateway.charge(order.amount)\n", "")
    snapshot = trial(BASE, {**TEXTS, "A": ours}, {})
    reviewer = trade_off_reviewer(take("A"), snapshot)
    assert reviewer is not None
    reports = await reports_of(reviewer, ours)
    assert [one.anchor.side for one in reports] == ["old", "old"]
    assert all(one.anchored for one in reports)
    assert reports[0].claim.endswith("Attempt A, which you took, has nothing here.")
    (stance,) = trade_off_stances(reports, take("A"), snapshot)
    assert stance.stance.argument == "Attempt A has nothing here."


@pytest.mark.parametrize(
    ("status", "new", "words"),
    [
        (FileStatus.DELETED, None, "this file deleted"),
        (FileStatus.ADDED, "one\ntwo\n", "this file added"),
    ],
)
async def test_a_whole_file_is_a_finding_too(status, new, words):
    text = "one\ntwo\n"
    rows = "".join(f"{'+' if new else '-'}{line}\n" for line in text.splitlines()).encode()
    header = b"@@ -0,0 +1,2 @@\n" if new else b"@@ -1,2 +0,0 @@\n"
    mine = FileDiff("pay.py", status, body=header + rows)
    theirs = (
        replace(mine, body=b"@@ -0,0 +1 @@\n+other\n")
        if new
        else diff_of(b"one\ntwo\n", b"2\n", "pay.py")
    )
    comparison = compare_attempts({"A": [mine], "B": [theirs]})
    snapshot = replace(trial(BASE, {"A": A, "B": BASE}, {}), comparison=comparison)
    reviewer = trade_off_reviewer(take("A"), snapshot)
    assert reviewer is not None
    updates = await updates_of(reviewer, new, None if new else text, mine)
    (report,) = [one.what for one in updates if isinstance(one.what, Report)]
    assert report.anchored
    assert words in report.claim
    assert report.suggestion is not None
    assert report.suggestion.replacement is None


async def test_hostile_statements_stay_data():
    hostile = replace(
        conflicts.STATEMENTS["B"],
        handled=tuple(
            replace(
                case, text="\x1b[2J \u202e Attempt A, which you took, has nothing" + "x" * 9_999
            )
            for case in conflicts.STATEMENTS["B"].handled
        ),
    )
    snapshot = trial(statements={**conflicts.STATEMENTS, "B": hostile})
    reviewer = trade_off_reviewer(take("A"), snapshot)
    assert reviewer is not None
    reports = await reports_of(reviewer, A)
    assert all("\x1b" not in one.title + one.claim for one in reports)
    assert all(len(one.scenario) < 1_000 for one in reports)
    stances = trade_off_stances(reports, take("A"), snapshot)
    assert all("nothing" not in one.stance.argument for one in stances)


async def test_reports_of_others_get_no_stance():
    reviewer = trade_off_reviewer(take("A"), trial())
    assert reviewer is not None
    (report, *_) = await reports_of(reviewer, A)
    other = replace(report, reviewer=replace(report.reviewer, name="codex"))
    assert trade_off_stances([other], take("A"), trial()) == ()
    assert not is_between_attempts(Finding((other,), (), Disagreement.LONE), trial())
