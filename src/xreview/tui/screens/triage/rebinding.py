"""Giving a screen's actions their keys, in one pass: Textual's `apply_keymap` compares every key
with every other, which takes 3 ms of a start."""

from typing import TYPE_CHECKING

from textual.binding import Binding, BindingsMap

if TYPE_CHECKING:
    from xreview.tui.keys import KeyMap


def rebind(bindings: BindingsMap, keys: "KeyMap") -> None:
    """Bind each action with its keys, and nothing else with them. An action for which there are
    none here keeps its own."""
    rebound: dict[str, list[Binding]] = {}
    kept: dict[str, list[Binding]] = {}
    seen: set[str] = set()
    for key, bound in bindings.key_to_bindings.items():
        ids = [one.id for one in bound if one.id and keys.get(one.id)]
        if not ids:
            kept[key] = bound
            continue
        for one in bound:
            if one.id and one.id in ids and one.id not in seen:
                seen.add(one.id)
                for wanted in keys[one.id]:
                    rebound.setdefault(wanted, []).append(one.with_key(wanted, None))
    bindings.key_to_bindings = {
        key: bound for key, bound in kept.items() if key not in rebound
    } | rebound
