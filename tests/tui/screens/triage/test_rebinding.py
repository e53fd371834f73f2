import pytest
from textual.binding import BindingsMap

from xreview.tui.keys import resolve_key_map
from xreview.tui.screens.triage.rebinding import rebind
from xreview.tui.screens.triage.screen import TriageScreen


def bound(bindings: BindingsMap) -> dict[str, list[str]]:
    """The actions of each key; Textual repeats an action for each of its former keys."""
    pairs = bindings.key_to_bindings.items()
    return {key: list(dict.fromkeys(one.action for one in on_key)) for key, on_key in pairs}


@pytest.mark.parametrize(
    "chosen", [{}, {"finding.accept": ("ctrl+e",)}, {"finding.accept": ("f6", "ctrl+y")}]
)
def test_keys_are_bound_as_textual_binds_them(chosen):
    keys = resolve_key_map(chosen)
    ours, theirs = (TriageScreen._merge_bindings() for _ in range(2))
    rebind(ours, keys)
    theirs.apply_keymap({id: ",".join(some) for id, some in keys.items()})
    assert bound(ours) == bound(theirs)
    assert all(one.key == key for key, some in ours.key_to_bindings.items() for one in some)


def test_each_action_is_bound_once():
    bindings = TriageScreen._merge_bindings()
    rebind(bindings, resolve_key_map({}))
    assert all(len(set(some)) == len(some) for some in bindings.key_to_bindings.values())
