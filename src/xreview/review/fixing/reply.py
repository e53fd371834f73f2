"""What a fixer answers: the schema of its result, and reading it strictly.

The result is one JSON object (reference/loop-and-forges.md, section B.5). Prose around it is
ignored. An invalid element is left out and reported; nothing of the rest is believed either, but it
says where to look.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import FixerReply, FixerResult, FixerStatus
from xreview.domain.identity.anchor import short_form
from xreview.domain.inside import relative_path
from xreview.domain.text import count_of, shorten
from xreview.export.document import ExportEntry
from xreview.hardening.redaction import value_without_keys, without_keys
from xreview.review.reply.fields import Fields
from xreview.review.reply.schema import object_schema, text_schema, word_schema
from xreview.review.writing.edit_reply import EDIT_LIST, read_edits
from xreview.review.writing.errand import ReadAnswer, trouble_in
from xreview.review.writing.json_answer import result_object

_BEGINS = ("edits", "results", "checks_run")
_LONGEST_KEPT = 2_000  # characters of an explanation
_MOST_FILES = 200  # that a result can name
_MOST_NAMED = 5
_STATUSES = {status.value: status for status in FixerStatus}

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
_RESULTS = {"type": "array", "items": _RESULT}

RESULT_SCHEMA: Mapping[str, Any] = object_schema(
    results=_RESULTS, checks_run={"type": "array", "items": _CHECK}
)
"""The schema of the answer of an agent, which changes the files itself."""

EDITS_SCHEMA: Mapping[str, Any] = object_schema(edits=EDIT_LIST, results=_RESULTS)
"""The schema of the answer of a model that can't write files: the changes first."""


def read_reply(text: str, entries: Iterable[ExportEntry]) -> FixerReply:
    """What an agent's answer says about these findings."""
    return read_answer(text, entries).reply


def read_answer(
    text: str, entries: Iterable[ExportEntry], *, needs_edits: bool = False
) -> ReadAnswer[FixerReply]:
    """What an answer says about these findings, and its edits if it must have some."""
    findings = [entry.finding for entry in entries]
    wanted = {"results": list} | ({"edits": list} if needs_edits else {})
    found = result_object(text, wanted, _BEGINS)
    if isinstance(found, str):
        return ReadAnswer(FixerReply(trouble=found), errors=(found,))
    errors: list[str] = []
    edits = read_edits(found["edits"], errors) if needs_edits else ()
    results = _results(value_without_keys(found), findings, errors)
    if silent := _silent(findings, results):
        errors.append(silent)
    errors = list(map(without_keys, errors))  # they quote the answer
    return ReadAnswer(FixerReply(results, trouble_in(errors)), edits, errors=tuple(errors))


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
