"""What is said once every finding is decided."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.domain.remaining.test_remaining import CLAUDE, GPT
from tests.fakes.reports import finding, report
from tests.fakes.reviewer import ScriptedReviewer, raw
from tests.tui.harness import Stage, until
from tests.tui.widgets.test_status_bar import RISK, progress, snapshot
from xreview.domain.account import NO_APPROVAL
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.remaining.words import ASSUMPTIONS
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.domain.state import Decided, Triage
from xreview.ports.reviewer import RawReport
from xreview.review.session.snapshot import ReviewerState, ReviewSnapshot
from xreview.tui.keys import resolve_key_map
from xreview.tui.screens.triage.finished import finished_words, is_finished, last_decided_words

KEYS = resolve_key_map({})
ACCEPTED = Decision(Verdict.ACCEPT, Reason.FIX)
WRONG = Decision(Verdict.REJECT, Reason.REVIEWER_WRONG)


def found(number: int, *by: ReviewerIdentity):
    reports = [report("A problem", line=number, quote=f"line {number}", reviewer=one) for one in by]
    first, *others = (finding(one) for one in reports)
    return replace(first, reports=(*first.reports, *(one.lead for one in others)))


def decided_on(*decisions: Decision, readers=(CLAUDE, GPT)) -> ReviewSnapshot:
    """A change that all readers read; they share each second of as many findings."""
    findings = [found(at, *readers[: 1 + at % 2]) for at in range(len(decisions))]
    history = {
        one.fingerprint: (Decided(f"a{at}", decision, "s", "2026-01-01", "you"),)
        for at, (one, decision) in enumerate(zip(findings, decisions, strict=True))
    }
    base = snapshot(*(progress(one, ReviewerState.DONE) for one in readers))
    coverage = tuple(CoverageEntry(one.name, "a.py", Reading.READ) for one in readers)
    return replace(base, findings=tuple(findings), triage=Triage(history), coverage=coverage)


def test_nothing_is_said_while_a_finding_is_open() -> None:
    done = decided_on(ACCEPTED, WRONG)
    assert finished_words(done, KEYS)
    assert not finished_words(replace(done, triage=Triage()), KEYS)
    still = progress(CLAUDE, ReviewerState.READING)
    assert not finished_words(replace(done, reviewers=(still,)), KEYS)


def test_the_estimate_comes_with_its_assumptions_and_counts_no_rejected_finding() -> None:
    told = finished_words(decided_on(*[ACCEPTED] * 7, *[WRONG] * 4), KEYS)
    assert told.startswith("All 11 findings are decided: 7 accepted, 4 rejected.\n")
    assert "For risk: 7 found by two readers, 3 by both; about 2 more" in told
    assert ASSUMPTIONS in told


def test_too_few_findings_give_no_estimate() -> None:
    told = finished_words(decided_on(ACCEPTED, WRONG), KEYS)
    assert "can't be estimated: 1 found by two readers" in told.replace("For risk: ", "")
    assert "likely" not in told


def test_what_was_not_read_is_said_before_the_keys() -> None:
    done = decided_on(ACCEPTED)
    gap = CoverageEntry("gpt", "a.py", Reading.FAILED, "too long")
    told = finished_words(replace(done, coverage=(gap,)), KEYS)
    assert told.index("NOT clean: the review is incomplete. 1 coverage gap.") < told.index(
        "E  export"
    )


def test_pattern_checks_alone_give_no_approval() -> None:
    told = finished_words(decided_on(WRONG, readers=(RISK,)), KEYS)
    assert NO_APPROVAL in told
    assert "estimated" not in told


def test_only_keys_that_work_are_offered_as_they_are_mapped() -> None:
    keys = resolve_key_map({"review.export": ["f5"]})
    told = finished_words(decided_on(ACCEPTED), keys)
    assert "Next:\nX  fix what you accepted\nF5  export\nY  copy what you accepted" in told
    told = finished_words(decided_on(WRONG), keys)
    assert "Next:\nF5  export\nA  account of the session\nD  describe the change" in told
    assert "accepted fixed" not in told
    assert "pull request" not in told


def test_a_filter_that_hides_open_findings_is_named() -> None:
    done = decided_on(ACCEPTED, WRONG)
    assert "below the list" in last_decided_words(done)
    assert last_decided_words(replace(done, triage=Triage())).endswith("hides 2 open ones.")


def _said(path: str, line: int, quote: str, title: str, claim: str) -> RawReport:
    return replace(raw(title, path, line, quote), claim=claim)


_SHARED = (
    _said("app.py", 4, "    except Exception:", "Typos hidden", "A misspelt name reads as absent."),
    _said("app.py", 9, "    token = random.random()", "Predictable token", "Anyone can guess it."),
    _said("app.py", 10, "    account.balance -= amount", "Overdraft", "No check of the funds."),
)
_FIRST = (
    _said("app.py", 1, "def load(path):", "Path unchecked", "It can leave the upload folder."),
    _said("app.py", 8, "def pay(amount, account):", "Unit missing", "Cents or euros?"),
)
_SECOND = (
    _said("docs/notes.md", 3, "More.", "Empty promise", "The paragraph never says what."),
    _said("new file.txt", 1, "hello", "Stray file", "Nothing refers to this greeting."),
)


def two_models() -> dict[str, Callable[[], ScriptedReviewer]]:
    """Two models of different families; they share three of seven problems."""

    def saying(who: ReviewerIdentity, *said: RawReport) -> Callable[[], ScriptedReviewer]:
        reports = [replace(one, reviewer=who) for one in said]
        return lambda: ScriptedReviewer(who, Lens.RISK, reports)

    return {
        "risk": saying(CLAUDE, *_SHARED, *_FIRST),
        "economy": saying(GPT, *_SHARED, *_SECOND),
    }


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


async def test_two_models_that_share_findings_give_an_estimate(stage) -> None:
    stage.reviewers |= two_models()
    async with stage.run() as (app, pilot):
        for _ in range(7):
            await pilot.press("a")
        told = "7 found by two readers, 3 by both; about 2 more are likely, perhaps up to 13."
        await until(pilot, lambda: told in shown(app))
        assert ASSUMPTIONS in shown(app)


async def test_the_last_decision_shows_it_below_the_list_and_undo_hides_it(stage) -> None:
    stage.reviewers["economy"] = lambda: ScriptedReviewer(lens=Lens.ECONOMY)
    async with stage.run(size=(160, 48)) as (app, pilot):
        for _ in range(3):
            await pilot.press("a")
        await until(pilot, lambda: "All 3 findings are decided" in shown(app))
        assert "3 accepted" in shown(app)
        assert "X fix what you accepted" in shown(app)
        await pilot.press("u")
        await until(pilot, lambda: "are decided" not in shown(app))


async def test_it_can_be_read_in_a_small_terminal_at_the_end_of_the_list(stage) -> None:
    async with stage.run(size=(70, 12)) as (app, pilot):
        for _ in range(4):
            await pilot.press("a")
        await pilot.press("g", "end")
        await until(
            pilot, lambda: "NOT" not in shown(app) and "findings are decided:" in shown(app)
        )


async def test_all_of_it_can_be_read_with_the_keys_that_move(stage) -> None:
    async with stage.run(size=(70, 12)) as (app, pilot):
        for _ in range(4):
            await pilot.press("a")
        await until(pilot, lambda: is_finished(app.triage.snapshot))
        await pilot.press("end", "j", "pagedown", "pagedown", "pagedown")
        pane = app.triage.findings
        end = pane.virtual_size.height - pane.scrollable_content_region.height
        await until(pilot, lambda: pane.scroll_offset.y == end)
        assert "q quit" in shown(app)


async def test_keys_that_move_in_an_empty_list_begin_nothing(stage) -> None:
    async with stage.run(size=(70, 12)) as (app, pilot):
        app.triage.findings.show_rows([], app.triage.snapshot.triage)
        app.triage.findings.is_being_read = False
        await pilot.press("j", "pagedown", "k")
        assert not app.triage.findings.is_being_read


def shown(app) -> str:
    """The text of the findings list as drawn."""
    pane = app.triage.findings
    height = pane.scrollable_content_region.height
    return " ".join(" ".join(pane.render_line(y).text for y in range(height)).split())
