"""The notice about moved keys: once, and only where there is something to unlearn."""

import pytest

from tests.tui.asked import notices
from tests.tui.harness import Stage
from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.tui.keys import resolve_key_map
from xreview.tui.moved_keys import NOTICE, moved_keys_notice


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def forget(stage) -> None:
    Remembered(stage.options().folders.state).remember(told=())


async def test_who_starts_afresh_is_never_told(stage):
    for _ in range(2):
        async with stage.run() as (app, _pilot):
            assert "keys moved" not in notices(app)


async def test_who_knows_the_old_keys_is_told_once_with_the_keys_of_today(stage):
    async with stage.run():
        pass
    forget(stage)
    settings = Settings(keys={"finding.note": ("ctrl+n",)})
    async with stage.run(settings=settings) as (app, _):
        assert "Ctrl+N writes a note, n goes to the next finding" in notices(app)
        assert "End goes to the last row, G opens attempts" in notices(app)
    async with stage.run() as (app, _):
        assert "keys moved" not in notices(app)


def test_who_was_told_of_earlier_moves_is_told_of_the_new_ones_alone(tmp_path):
    journal = tmp_path / "journal"
    journal.touch()
    remembered = Remembered(tmp_path)
    remembered.remember(told=(NOTICE,))
    told = moved_keys_notice(remembered, resolve_key_map({}), journal)
    assert "End goes to the last row, G opens attempts" in told
    assert "note" not in told
    assert moved_keys_notice(remembered, resolve_key_map({}), journal) == ""


def test_without_the_keys_there_is_nothing_to_say(tmp_path):
    journal = tmp_path / "journal"
    journal.touch()
    moved = ("finding.note", "finding.next", "finding.accept-because", "cursor.last")
    none = dict.fromkeys((*moved, "attempts.open"), ())
    assert moved_keys_notice(Remembered(tmp_path), resolve_key_map(none), journal) == ""
