"""Menus: one key for one choice, and j and k move."""

import pytest

from tests.tui.harness import Stage
from xreview.domain.decision import Reason, Verdict
from xreview.tui.dialogs.choice import ChoiceScreen
from xreview.tui.dialogs.menus import SORTINGS, decision_choices
from xreview.tui.handoff.exporting import format_choices
from xreview.tui.screens.author import author_choices

MENUS = [SORTINGS, format_choices(), author_choices(), *map(decision_choices, Verdict)]


@pytest.mark.parametrize("menu", MENUS)
def test_every_choice_has_a_key_of_its_own_that_does_not_move(menu):
    keys = [choice.key for choice in menu]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & {"j", "k"}


async def test_j_and_k_move_like_the_arrows(monkeypatch, tmp_path):
    async with Stage(monkeypatch, tmp_path).run() as (app, pilot):
        await pilot.press("r", "j", "j", "k")
        assert isinstance(app.screen, ChoiceScreen)
        assert app.screen.marked == 1
        await pilot.press("enter")
        decided = app.triage.snapshot.triage.decided(app.triage.snapshot.findings[0])
        assert decided.decision.reason is Reason.INTENDED


async def test_a_choice_whose_key_is_j_keeps_it(monkeypatch, tmp_path):
    taken = []

    async def take(value):
        taken.append(value)

    menu = [replace_key(choice, key) for choice, key in zip(SORTINGS, "jabcd", strict=True)]
    async with Stage(monkeypatch, tmp_path).run() as (app, pilot):
        await app.push_screen(ChoiceScreen("Title", menu, take))
        await pilot.press("k", "j")
        assert taken == [SORTINGS[0].value]


def replace_key(choice, key):
    return type(choice)(key, choice.label, choice.meaning, choice.value)
