"""GitLab's rules for where a note goes."""

import re
from typing import Any

from tests.fakes.forge_server.answers import RefusedError
from tests.fakes.forge_server.gitlab.shapes import diff_refs
from tests.fakes.forge_server.state import FakePull, FakeThread, SideName

_SHAS = ("base_sha", "start_sha", "head_sha")
_LINE_CODE = re.compile(r"[0-9a-f]{40}_\d+_\d+")
_END = {"line_code", "type"}


def new_thread(pull: FakePull, position: dict[str, Any]) -> FakeThread:
    """Begin a thread at a position."""
    line, side = check_position(pull, position)
    start_line: int | None = None
    start_side: SideName | None = None
    if line_range := position.get("line_range"):
        _, old, new = line_range["start"]["line_code"].split("_")
        start_side = "LEFT" if line_range["start"].get("type") == "old" else "RIGHT"
        start_line = int(old if start_side == "LEFT" else new)
    head = position["head_sha"]
    return pull.new_thread(position["new_path"], line, side, start_line, start_side, head)


def check_position(pull: FakePull, position: dict[str, Any]) -> tuple[int | None, SideName]:
    """The line and side of a position; refuses what isn't on the diff of that version."""
    kind = position.get("position_type")
    if kind not in ("text", "file"):
        raise RefusedError(400, {"error": "position[position_type] does not have a valid value"})
    if missing := [name for name in _SHAS if not position.get(name)]:
        raise RefusedError(400, {"error": f"position[{missing[0]}] is missing"})
    if {name: position[name] for name in _SHAS} != diff_refs(pull, position["head_sha"]):
        raise _refused({"base": ["is not a version of the merge request"]})
    patch = pull.patch_of(position.get("new_path", ""), position["head_sha"])
    if patch is None or position.get("old_path", patch.old_path) != patch.old_path:
        raise _bad_line()
    if kind == "file":
        return None, "RIGHT"
    old, new = position.get("old_line"), position.get("new_line")
    if old is None and new is None:
        raise _bad_line()
    side: SideName = "RIGHT" if new is not None else "LEFT"
    if patch.numbers(new if new is not None else old, side) != (old, new):
        raise _bad_line()
    _check_range(position.get("line_range"))
    return (new if new is not None else old), side


def _check_range(line_range: Any) -> None:
    if line_range is None:
        return
    for end in ("start", "end"):
        value = line_range.get(end, {})
        is_code = _LINE_CODE.fullmatch(str(value.get("line_code", "")))
        if not is_code or set(value) - _END or value.get("type", "new") not in ("new", "old"):
            raise _refused({"position": ["must be a valid json schema"]})
    if set(line_range) != {"start", "end"}:
        raise _refused({"position": ["must be a valid json schema"]})


def _bad_line() -> RefusedError:
    return _refused({"line_code": ["can't be blank", "must be a valid line code"]})


def _refused(errors: dict[str, list[str]]) -> RefusedError:
    return RefusedError(400, {"message": errors})
