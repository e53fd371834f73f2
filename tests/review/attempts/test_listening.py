"""The triage after a take says where the attempts conflict, with both sides."""

import asyncio
from pathlib import Path

import pytest

from tests.repo.builder import Builder
from tests.review.attempts.trials_at_hand import (
    TRIAL,
    TrialsAtHand,
    give_back,
    make_project,
    note_in,
    take,
    text,
)
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.finding import Disagreement
from xreview.domain.stance import StanceKind
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.headless import review_once
from xreview.review.assembly.run_options import RunOptions
from xreview.review.attempts.kept import keep_trial
from xreview.review.session.snapshot import ReviewSnapshot


@pytest.fixture
def project(tmp_path, monkeypatch) -> Builder:
    return make_project(tmp_path, monkeypatch)


@pytest.fixture
def given(tmp_path: Path) -> RunOptions:
    folders = Folders(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    return RunOptions(Settings(offline=True, read_sessions=False), folders, {})


def kept(project: Builder, given: RunOptions, trials: TrialsAtHand) -> None:
    """Leave behind what the program would."""
    trees = {label: patch.tree for label, patch in trials.patches.items()}
    keep_trial(trials.shelf.place(TRIAL), trials.snapshot, trees)
    given.journal.parent.mkdir(parents=True, exist_ok=True)
    note_in(given.journal, trials, project)


async def reviewed(project: Builder, given: RunOptions) -> ReviewSnapshot:
    return (await review_once(ChangeRequest(project.top), given)).snapshot


def trade_offs(snapshot: ReviewSnapshot):
    return [one for one in snapshot.findings if one.disagreement is Disagreement.TRADE_OFF]


def two_attempts(project: Builder) -> TrialsAtHand:
    return TrialsAtHand(project, A={"a.py": text(20)}, B={"a.py": text(20, mark="B")})


def taken(project: Builder, given: RunOptions) -> TrialsAtHand:
    trials = two_attempts(project)
    take(trials)
    kept(project, given, trials)
    return trials


def test_a_conflict_is_a_trade_off_and_its_decision_stays(project, given):
    taken(project, given)
    snapshot = asyncio.run(reviewed(project, given))
    (found,) = trade_offs(snapshot)
    assert found.lead.reviewer.name == "attempt B"
    assert found.lead.anchor.quote == "A wrote line 20"
    assert found.lead.suggestion is not None
    assert found.lead.suggestion.replacement == "B wrote line 20"
    said = {one.party.name: one.kind for one in found.stances}
    assert said == {"attempt B": StanceKind.RAISES, "attempt A": StanceKind.TRADE_OFF}
    assert snapshot.author.vendor == "anthropic"
    again = asyncio.run(reviewed(project, given))
    (same,) = trade_offs(again)
    assert (same.fingerprints, len(same.stances)) == (found.fingerprints, 2)
    assert again.carried[found.fingerprint].is_known


@pytest.mark.parametrize("what", ["edited", "given back", "thrown away", "another change"])
def test_nothing_is_said_where_there_is_nothing(project, given, what):
    if what == "given back":
        trials = two_attempts(project)
        give_back(trials, take(trials).taken)
        kept(project, given, trials)
        project.write("a.py", text(20))
    else:
        trials = taken(project, given)
    if what == "edited":
        project.write("a.py", text(20).replace("A wrote line 20", "I wrote something else"))
    if what == "thrown away":
        for name in (f"{TRIAL}-A", f"{TRIAL}-B", TRIAL):
            trials.shelf.remove(name)
    if what == "another change":
        project.commit("take it")
        project.write("b.py", "b = 3\n")
    snapshot = asyncio.run(reviewed(project, given))
    assert not trade_offs(snapshot)
    assert not [one for one in snapshot.notices if "ttempt" in one]
    assert "attempts" not in {one.identity.name for one in snapshot.reviewers}
