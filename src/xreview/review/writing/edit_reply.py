"""Edits in a model's answer, and files to remove: their schema, and reading them strictly."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from xreview.domain.fixing.search_edit import SearchEdit
from xreview.domain.inside import relative_path
from xreview.hardening.redaction import without_keys
from xreview.review.reply.fields import Fields
from xreview.review.reply.schema import object_schema, text_schema

MOST_EDITS = 300
"""In one answer."""

_LONGEST_REPLACEMENT = 200_000  # characters
_MASKED = "holds a key, which was masked"

_EDIT = object_schema(
    path=text_schema("The file, relative to the top folder."),
    search=text_schema("The text to replace, character by character; blank for a new file."),
    replace=text_schema("The text that stands in its place."),
)
EDIT_LIST: Mapping[str, Any] = {"type": "array", "items": _EDIT}
"""The schema of the edits in an answer."""

PATH_LIST: Mapping[str, Any] = {
    "type": "array",
    "items": {"type": "string"},
    "description": "The files to remove, relative to the top folder.",
}
"""The schema of the files to remove."""


def read_removed(said: object, errors: list[str]) -> tuple[str, ...]:
    """The valid paths of a list, each once; a sentence about each other one is added to errors. No
    list is none."""
    if said is None:
        return ()
    if not isinstance(said, list):
        errors.append("removed must be a list of paths.")
        return ()
    named = cast("Sequence[object]", said)
    if len(named) > MOST_EDITS:
        errors.append(f"There are {len(named):,} files to remove; the maximum is {MOST_EDITS:,}.")
        return ()
    paths: dict[str, None] = {}
    for number, one in enumerate(named):
        path = relative_path(one) if isinstance(one, str) else None
        if path:
            paths[path] = None
        else:
            errors.append(f"removed[{number}] must be a path inside the folder.")
    return tuple(paths)


def read_edits(said: Sequence[object], errors: list[str]) -> tuple[SearchEdit, ...]:
    """The valid edits of a list, in order; a sentence about each other one is added to errors."""
    if len(said) > MOST_EDITS:
        errors.append(f"There are {len(said):,} edits; the maximum is {MOST_EDITS:,}.")
        return ()
    edits = [_edit(one, f"edits[{number}]", errors) for number, one in enumerate(said)]
    return tuple(edit for edit in edits if edit is not None)


def _edit(said: object, place: str, errors: list[str]) -> SearchEdit | None:
    if not isinstance(said, dict):
        errors.append(f"{place} is not an object.")
        return None
    fields = Fields(cast("dict[str, Any]", said), place)
    given = fields.text("path")
    search, new = (
        fields.text(name, may_be_blank=True, longest=_LONGEST_REPLACEMENT)
        for name in ("search", "replace")
    )
    path = relative_path(given)
    if given.strip() and not path:
        fields.refuse("path", "leads out of the folder")
    if without_keys(new) != new:
        fields.refuse("replace", _MASKED)  # a mask would end up in the code
    errors += fields.errors
    return None if fields.errors or not path else SearchEdit(path, search, new)
