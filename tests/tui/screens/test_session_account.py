"""`A`: the account of the session without a selection, accepting with one."""

import pytest

from tests.tui.harness import Stage, until
from xreview.config.schema import Settings
from xreview.domain.errors import ConfigError
from xreview.domain.session_account.account import SessionAccount
from xreview.tui.keys import resolve_key_map
from xreview.tui.screens.session_account import SessionAccountScreen, session_account_content


@pytest.fixture
def stage(monkeypatch, tmp_path) -> Stage:
    return Stage(monkeypatch, tmp_path)


async def test_without_a_selection_it_opens_the_account_with_what_was_decided(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        await pilot.press("a", "A")
        await until(pilot, lambda: isinstance(app.screen, SessionAccountScreen))
        said = str(app.screen.body.content)
        assert said.startswith("1 caught, 0 rejected, 2 undecided; ")
        assert "Attention\n• " in said
        assert "Not reviewed\n" in said
        await pilot.press("A")
        assert app.screen is app.triage
        await pilot.press("a", "A")
        await until(pilot, lambda: isinstance(app.screen, SessionAccountScreen))
        assert str(app.screen.body.content).startswith("2 caught")
        await pilot.press("j", "escape")
        assert app.screen is app.triage


async def test_with_a_selection_it_accepts_it(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        await pilot.press("x", "x", "A")
        await until(pilot, lambda: not app.triage.findings.selected)
        assert app.screen is app.triage
        triage = app.triage.snapshot.triage
        assert sum(not triage.is_open(one) for one in app.triage.snapshot.findings) >= 1
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, SessionAccountScreen))


async def test_when_all_is_decided_a_quiet_sentence_names_the_key(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        while app.triage.snapshot.open_findings:
            await pilot.press("r", "i")
            await pilot.pause()
        told = [one.message for one in app._notifications]
        assert sum("is below the list" in one for one in told) == 1
        closing = app.triage.findings._told_below.text
        assert "\nA  account of the session" in closing
        assert app.screen is app.triage


async def test_moved_apart_each_key_does_its_own(stage: Stage) -> None:
    keys = {"selection.accept": ("Z",)}
    async with stage.run(settings=Settings(keys=keys)) as (app, pilot):
        await pilot.press("Z")
        assert app.screen is app.triage
        await pilot.press("x", "A")
        await until(pilot, lambda: isinstance(app.screen, SessionAccountScreen))


def test_only_these_two_can_share_a_key() -> None:
    assert resolve_key_map({})["selection.accept"] == resolve_key_map({})["view.session-account"]
    with pytest.raises(ConfigError, match="assigned to both"):
        resolve_key_map({"finding.accept": ["A"]})


def test_what_is_not_the_journal_s_says_so() -> None:
    said = str(session_account_content(SessionAccount("s1"), "Not from the journal: \x1b[2J"))
    assert "⚠ Not from the journal: ␛[2J\n" in said
