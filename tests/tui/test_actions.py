import inspect
from importlib import import_module

import pytest

from xreview.domain.errors import ConfigError
from xreview.tui.actions import ACTIONS, ACTIONS_BY_ID, ALL_ACTIONS
from xreview.tui.app import XReviewApp
from xreview.tui.keys import (
    attempts_screen_keys,
    fix_screen_keys,
    key_label,
    pull_screen_keys,
    resolve_key_map,
)
from xreview.tui.screens.attempts import AttemptsScreen
from xreview.tui.screens.attempts_panes import ATTEMPT_METHODS
from xreview.tui.screens.fix import FixScreen
from xreview.tui.screens.fix_panes import METHODS
from xreview.tui.screens.pull import PullScreen
from xreview.tui.screens.pull_panes import PULL_METHODS
from xreview.tui.screens.triage.screen import TriageScreen


def test_ids_and_default_keys_are_unique():
    assert len({action.id for action in ALL_ACTIONS}) == len(ALL_ACTIONS)
    resolve_key_map({})


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_its_method(action):
    namespace, _, call = action.method.rpartition(".")
    owner = XReviewApp if namespace == "app" else TriageScreen
    name, _, argument = call.partition("(")
    assert callable(inspect.getattr_static(owner, f"action_{name}"))
    if name == "open":
        screen = argument.strip("')")
        opener = getattr(import_module(f"xreview.tui.screens.{screen}"), f"open_{screen}")
        assert inspect.iscoroutinefunction(opener)


OF_SCREENS = [
    *((FixScreen, *pair) for pair in METHODS.items()),
    *((PullScreen, *pair) for pair in PULL_METHODS.items()),
    *((AttemptsScreen, *pair) for pair in ATTEMPT_METHODS.items()),
]


@pytest.mark.parametrize(("screen", "id", "method"), OF_SCREENS)
def test_every_action_of_another_screen_has_its_method(screen, id, method):
    namespace, _, call = method.rpartition(".")
    owner = XReviewApp if namespace == "app" else screen
    name, _, argument = call.partition("(")
    found = inspect.getattr_static(owner, f"action_{name}")
    needed = len(inspect.signature(found).parameters) - 1
    assert needed == bool(argument), "Textual would call it without what it needs"
    assert id in ACTIONS_BY_ID


def test_the_keys_of_the_fix_screen_come_before_shared_ones():
    keys = fix_screen_keys(resolve_key_map({}))
    bound = [key for keys in keys.values() for key in keys]
    assert len(bound) == len(set(bound))
    assert keys["fix.again"] == ("g",)
    assert keys["cursor.first"] == ("home",)


def test_the_keys_of_a_pull_requests_screen_come_before_shared_ones():
    keys = pull_screen_keys(resolve_key_map({"cursor.down": ["c", "j"], "finding.write": []}))
    bound = [key for keys in keys.values() for key in keys]
    assert len(bound) == len(set(bound))
    assert keys["pull.comment"] == ("c",)
    assert keys["cursor.down"] == ("j",)


def test_the_keys_of_the_attempts_screen_come_before_shared_ones():
    keys = attempts_screen_keys(resolve_key_map({"attempts.take": ["o"]}))
    bound = [key for keys in keys.values() for key in keys]
    assert len(bound) == len(set(bound))
    assert keys["attempts.check"] == ("g",)
    assert keys["cursor.first"] == ("home",)
    assert keys["code.edit"] == ()


@pytest.mark.parametrize("action", ALL_ACTIONS, ids=lambda action: action.id)
def test_no_default_is_a_key_that_multiplexers_own(action):
    assert not {"ctrl+a", "ctrl+b", "ctrl+j", "ctrl+s"} & set(action.keys)


def test_a_key_can_be_moved_if_its_owner_moves_too():
    keys = resolve_key_map({"finding.accept": ["r"], "finding.reject": ["Z", "ctrl+r", "F5"]})
    assert keys["finding.accept"] == ("r",)
    assert keys["finding.reject"] == ("Z", "ctrl+r", "f5")


def test_symbols_may_be_written_as_they_are():
    assert resolve_key_map({"find.search": ["\\", " "], "cursor.page-down": []})["find.search"] == (
        "backslash",
        "space",
    )


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"finding.accept": ["r"]}, "'r' is assigned to both finding.accept and finding.reject"),
        ({"finding.acept": ["r"]}, "did you mean 'finding.accept'"),
        ({"finding.accept": ["hyper+q"]}, "'hyper+q' for finding.accept isn't the name of a key"),
        ({"finding.accept": ["ctrl+s"]}, "is taken by tmux"),
        ({"finding.accept": [""]}, "isn't the name of a key"),
        ({"app.quit": []}, "app.quit has no key left"),
        ({"fix.leave": []}, "fix.leave has no key left"),
        ({"fix.apply": ["g"]}, "'g' is assigned to both fix.apply and fix.again"),
        ({"fix.apply": ["question_mark"]}, "app.help has no key left on the fix screen"),
        ({"pull.leave": []}, "pull.leave has no key left"),
        ({"pull.begin": ["x"]}, "'x' is assigned to both pull.begin and pull.discard"),
        ({"attempts.leave": []}, "attempts.leave has no key left"),
        ({"attempts.take": ["g"]}, "'g' is assigned to both attempts.take and attempts.check"),
        ({"attempts.take": ["q"]}, "app.quit has no key left on the attempts screen"),
        ({"pull.begin": ["q"]}, "app.quit has no key left on the pull request screen"),
    ],
)
def test_a_key_map_that_would_lose_an_action_is_refused(overrides, said):
    with pytest.raises(ConfigError) as refusal:
        resolve_key_map(overrides)
    assert said in str(refusal.value)


def test_all_problems_are_named_at_once():
    with pytest.raises(ConfigError) as refusal:
        resolve_key_map({"nonsense": ["a"], "finding.accept": ["r"]})
    assert "nonsense" in str(refusal.value)
    assert "assigned to both" in str(refusal.value)


def test_keys_read_as_a_person_says_them():
    assert [key_label(key) for key in ("ctrl+p", "slash", "pagedown", "A", "f5", "shift+tab")] == [
        "Ctrl+P", "/", "PgDn", "A", "F5", "Shift+Tab",
    ]  # fmt: skip
