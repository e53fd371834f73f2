"""What the app knows of a fix: what is offered, applied, in conflict, and worth a question."""

from dataclasses import replace

from tests.fakes.fixing import APP, NOTES, fixed, snapshot_of
from tests.fakes.reports import finding, report
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.domain.text import clock_words
from xreview.repo.disposable.applying import Applied, PatchPart
from xreview.review.fixing.snapshot import FixStage
from xreview.tui.widgets.fixing.rows import fix_rows
from xreview.tui.widgets.fixing.state import ShownFix, part_label
from xreview.tui.widgets.fixing.words import short_words
from xreview.tui.widgets.row_list import RowHeading

FIRST, SECOND, NOTE = PatchPart("app.py", 0), PatchPart("app.py", 1), PatchPart("docs/notes.md", 0)
ONE = finding(report())


def fix(*outcomes: FixOutcome | None, **changed: object) -> ShownFix:
    found = [fixed(ONE, outcome, FIRST) for outcome in outcomes]
    return ShownFix(snapshot_of(found, files=(APP, NOTES), outside=(NOTE,), **changed))


def test_what_nobody_asked_for_is_not_offered_and_neither_is_what_is_applied():
    shown = fix(FixOutcome.FIXED)
    assert shown.offered == {FIRST, SECOND}
    after = shown.with_applied(Applied("a", ("app.py",)), frozenset({FIRST}))
    assert after.offered == {SECOND}
    assert after.without("a", ("app.py",)).offered == {FIRST, SECOND}


def test_undoing_what_an_earlier_run_applied_goes_by_its_paths():
    shown = fix(FixOutcome.FIXED, applied=(PatchPart("app.py"),))
    assert shown.applied == {FIRST, SECOND}
    assert shown.without("unknown", ("app.py",)).applied == frozenset()


def test_what_conflicts_is_not_applied_until_it_is_written_with_markers():
    shown = fix(FixOutcome.FIXED)
    done = Applied("a", (), (), ("app.py",))
    after = shown.with_applied(done, frozenset({FIRST, SECOND}))
    assert after.conflicts == ("app.py",)
    assert after.applied == after.offered == frozenset()
    forced = Applied("b", ("app.py",), (), ("app.py",))
    written = after.with_applied(forced, frozenset({FIRST, SECOND}), with_conflicts=True)
    assert written.conflicts == ()
    assert written.applied == {FIRST, SECOND}


def test_only_harm_in_what_is_applied_is_asked_about():
    assert fix(FixOutcome.FIXED, FixOutcome.NOT_VERIFIED).worries(frozenset({FIRST})) == ()
    regressed = fix(FixOutcome.REGRESSED)
    assert len(regressed.worries(frozenset({FIRST}))) == 1
    assert regressed.worries(frozenset({NOTE})) == ()
    weak = fix(
        FixOutcome.FIXED,
        tampering=(Tampering(TamperingKind.TESTS, "docs/notes.md", 0, "deletes a test"),),
    )
    assert weak.worries(frozenset({FIRST})) == ()
    assert weak.worries(frozenset({NOTE})) == (FixOutcome.TAMPERED.meaning,)


def test_a_finding_without_a_verdict_is_not_verified_at_the_end():
    titles = [row.title for row in fix_rows(fix(None)) if isinstance(row, RowHeading)]
    assert "Not verified" in titles
    assert "Fixed" not in titles
    running = fix(None, stage=FixStage.FIXING)
    headings = (row.title for row in fix_rows(running) if isinstance(row, RowHeading))
    assert next(headings) == "Handed over"


def test_there_is_one_second_round_and_only_for_what_is_not_fixed():
    assert fix(FixOutcome.STILL_THERE).can_go_again
    assert not fix(FixOutcome.FIXED).can_go_again
    assert not fix(FixOutcome.STILL_THERE, is_round_two=True).can_go_again
    assert not fix(None, stage=FixStage.FIXING).can_go_again


def test_labels_and_times():
    assert part_label(frozenset({FIRST}), frozenset()) == ""
    assert part_label(frozenset({FIRST}), frozenset({FIRST})) == "applied"
    assert part_label(frozenset({FIRST, SECOND}), frozenset({FIRST})) == "partly applied"
    assert (clock_words(9.9), clock_words(130)) == ("10s", "2m10s")
    assert short_words(replace(fix(FixOutcome.FIXED), is_discarded=True)) == ""
