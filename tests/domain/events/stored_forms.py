"""What each version of each event may hold: keys and, for enums, values.

`stored_forms.json` keeps it, so that a field or an enum's value can't be added without a new
version: an older program would take the event for a malformed one. After raising a version, add the
new form to the file; the form of a version is never replaced:

    python -m tests.domain.events.stored_forms
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum, IntEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from xreview.domain.events.event import PAYLOADS

FILE = Path(__file__).with_suffix(".json")
WORDS = {str: "text", int: "whole number", float: "number", bool: "flag"}


def form_of(hint: Any) -> Any:
    arguments = get_args(hint)
    if get_origin(hint) is UnionType:
        (inner,) = [one for one in arguments if one is not NoneType]
        return {"or null": form_of(inner)}
    if get_origin(hint) is tuple:
        return [form_of(one) for one in arguments if one is not Ellipsis]
    if get_origin(hint) is Mapping:
        return {"by text": form_of(arguments[1])}
    if is_dataclass(hint):
        return keys_of(hint)
    if issubclass(hint, Enum):
        names = issubclass(hint, IntEnum)
        return "one of: " + ", ".join(one.name.lower() if names else one.value for one in hint)
    return WORDS[hint]


def keys_of(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    keys: dict[str, Any] = {}
    for field in fields(kind):
        hint = hints[field.name]
        match field.metadata.get("json"):
            case None:
                keys[field.name] = form_of(hint)
            case "unless empty":
                keys[f"{field.name}, unless empty"] = form_of(hint)
            case "inlined":
                keys |= keys_of(hint)
                for key, path in field.metadata["hoisted"].items():
                    inner = hint
                    for name in path.split("."):
                        inner = get_type_hints(inner)[name]
                    keys[key] = form_of(inner)
            case "separate":
                pass
            case other:
                raise ValueError(f"{other} is not known here")
    return keys


def forms() -> dict[str, dict[str, Any]]:
    """The present form of every event, by type and version."""
    return {type: {str(kind.version): keys_of(kind)} for type, kind in sorted(PAYLOADS.items())}


def kept() -> dict[str, dict[str, Any]]:
    return json.loads(FILE.read_text())


def changed(known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The events whose form isn't the one that is kept for their version."""
    return [
        f"{type} {version}"
        for type, versions in forms().items()
        for version, form in versions.items()
        if version in known.get(type, {}) and known[type][version] != form
    ]


def main() -> None:
    known = kept() if FILE.exists() else {}
    if wrong := changed(known):
        raise SystemExit(f"Raise the version of: {', '.join(wrong)}.")
    for type, versions in forms().items():
        known[type] = {**known.get(type, {}), **versions}
    FILE.write_text(json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
