"""What a fixer answers: the schema of its result, and reading it strictly.

The result is one JSON object (reference/loop-and-forges.md, section B.5). Prose around it is
ignored. An invalid element is left out and reported; nothing of the rest is believed either, but it
says where to look.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import FixerReply, FixerResult, FixerStatus
from xreview.domain.fixing.search_edit import SearchEdit
from xreview.domain.identity.anchor import short_form
from xreview.domain.inside import relative_path
from xreview.domain.text import count_of, shorten
from xreview.export.document import ExportEntry
from xreview.hardening.redaction import value_without_keys, without_keys
from xreview.review.fixing.json_answer import result_object
from xreview.review.reply.fields import Fields
from xreview.review.reply.schema import object_schema, text_schema, word_schema

MOST_EDITS = 300
"""In one answer."""

_LONGEST_REPLACEMENT = 200_000  # characters
_LONGEST_KEPT = 2_000  # characters of an explanation
_MOST_FILES = 200  # that a result can name
_MOST_ERRORS = 10  # in a reply's trouble
_MOST_NAMED = 5
_STATUSES = {status.value: status for status in FixerStatus}
_MASKED = "holds a key, which was masked"

_RESULT = object_schema(
    fingerprint=text_schema("The problem's fingerprint, as it was given."),
    status=word_schema(FixerStatus, "What you did about it."),
    files={
        "type": "array",
        "items": {"type": "string"},
        "description": "The files that you changed for it, relative to the top folder.",
    },
    explanation=text_schema("What you changed, in one sentence; blank if blocked."),
    reason=text_schema("Why it is blocked: the contradiction you found; else blank."),
)
_CHECK = object_schema(
    command=text_schema("The command, as you ran it."),
    exit_code={"type": "integer", "description": "Its exit code."},
)
_EDIT = object_schema(
    path=text_schema("The file, relative to the top folder."),
    search=text_schema("The text to replace, character by character; blank for a new file."),
    replace=text_schema("The text that stands in its place."),
)
_RESULTS = {"type": "array", "items": _RESULT}

RESULT_SCHEMA: Mapping[str, Any] = object_schema(
    results=_RESULTS, checks_run={"type": "array", "items": _CHECK}
)
"""The schema of the answer of an agent, which changes the files itself."""

EDITS_SCHEMA: Mapping[str, Any] = object_schema(
    edits={"type": "array", "items": _EDIT}, results=_RESULTS
)
"""The schema of the answer of a model that can't write files: the changes first."""


@dataclass(frozen=True, slots=True)
class ReadReply:
    """An answer as read.

    Args:
        edits: the valid ones, in order.
        errors: what is wrong with the answer, one sentence each, for a repair turn.
    """

    reply: FixerReply
    edits: tuple[SearchEdit, ...] = ()
    errors: tuple[str, ...] = ()


def read_reply(text: str, entries: Iterable[ExportEntry]) -> FixerReply:
    """What an agent's answer says about these findings."""
    return read_answer(text, entries).reply


def read_answer(
    text: str, entries: Iterable[ExportEntry], *, needs_edits: bool = False
) -> ReadReply:
    """What an answer says about these findings, and its edits if it must have some."""
    findings = [entry.finding for entry in entries]
    wanted = ("results", "edits") if needs_edits else ("results",)
    found = result_object(text, wanted)
    if isinstance(found, str):
        return ReadReply(FixerReply(trouble=found), errors=(found,))
    errors: list[str] = []
    edits = _edits(found, errors) if needs_edits else ()
    results = _results(value_without_keys(found), findings, errors)
    if silent := _silent(findings, results):
        errors.append(silent)
    errors = list(map(without_keys, errors))  # they quote the answer
    return ReadReply(FixerReply(results, trouble_in(errors)), edits, tuple(errors))


def trouble_in(errors: Sequence[str]) -> str:
    """The errors of an answer as one paragraph."""
    more = len(errors) - _MOST_ERRORS
    told = " ".join(errors[:_MOST_ERRORS])
    return f"{told} And {more:,} more." if more > 0 else told


def _results(
    found: Mapping[str, Any], findings: Sequence[Finding], errors: list[str]
) -> tuple[FixerResult, ...]:
    known = {name for finding in findings for name in finding.fingerprints}
    results: dict[str, FixerResult] = {}
    for number, said in enumerate(found["results"]):
        place = f"results[{number}]"
        if not isinstance(said, dict):
            errors.append(f"{place} is not an object.")
            continue
        result = _result(cast("dict[str, Any]", said), place, errors)
        if result is None or result.fingerprint not in known:
            continue
        before = results.setdefault(result.fingerprint, result)
        if before.status is not result.status:
            errors.append(f"{place} contradicts an earlier result about the same problem.")
            results[result.fingerprint] = _more_careful(before, result)
    return tuple(results.values())


def _more_careful(one: FixerResult, other: FixerResult) -> FixerResult:
    return other if other.status is FixerStatus.BLOCKED else one


def _result(said: Mapping[str, Any], place: str, errors: list[str]) -> FixerResult | None:
    fields = Fields(said, place)
    fingerprint = fields.text("fingerprint").strip()
    status = fields.word("status", _STATUSES)
    files = _files(said, fields)
    explanation, reason = (
        shorten(fields.text(name, may_be_blank=True).strip(), _LONGEST_KEPT)
        for name in ("explanation", "reason")
    )
    errors += fields.errors
    if fields.errors:
        return None
    if status is FixerStatus.BLOCKED:
        return FixerResult(fingerprint, status, reason=reason or explanation or "It says no more.")
    return FixerResult(fingerprint, status, files, explanation)


def _files(said: Mapping[str, Any], fields: Fields) -> tuple[str, ...]:
    """The named files that are inside the folder."""
    named: object = said.get("files")
    if not isinstance(named, list):
        fields.refuse("files", "must be a list of paths")
        return ()
    paths: dict[str, None] = {}
    for one in cast("list[object]", named)[:_MOST_FILES]:
        path = relative_path(one) if isinstance(one, str) else None
        if path:
            paths[path] = None
    return tuple(paths)


def _edits(found: Mapping[str, Any], errors: list[str]) -> tuple[SearchEdit, ...]:
    said = found["edits"]
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


def _silent(findings: Sequence[Finding], results: Sequence[FixerResult]) -> str:
    """A sentence about the findings that no result is about; "" if there are none."""
    said = {result.fingerprint for result in results}
    missing = [one.fingerprint for one in findings if said.isdisjoint(one.fingerprints)]
    if not missing:
        return ""
    named = ", ".join(map(short_form, missing[:_MOST_NAMED]))
    more = f" and {len(missing) - _MOST_NAMED:,} more" if len(missing) > _MOST_NAMED else ""
    problems = count_of(len(findings), "problem")
    return f"It says nothing about {len(missing):,} of {problems}: {shorten(named, 200)}{more}."
