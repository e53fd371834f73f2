"""The JSON forms that several events share, and the strict reading of JSON values.

What was read from a file is data: a field of another kind than it was written as is a ValueError,
never a payload that fails later and elsewhere.
"""

from collections.abc import Mapping
from typing import Any, cast

from xreview.domain.change import Side, Unshown
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.identity.anchor import Anchor, Context
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Lens,
    Report,
    Request,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)
from xreview.domain.stance import Stance, StanceKind

Json = Mapping[str, Any]


def text_in(data: Json, name: str) -> str:
    """The text in a field. KeyError where there is none, ValueError where it is no text."""
    value = data[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")
    return value


def text_or_none_in(data: Json, name: str) -> str | None:
    """The text in a field that may be null. Raises KeyError or ValueError."""
    return None if data[name] is None else text_in(data, name)


def number_in(data: Json, name: str) -> int:
    """The whole number in a field. Raises KeyError or ValueError."""
    value = data[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} is no whole number")
    return value


def flag_in(data: Json, name: str) -> bool:
    """True or false. Raises KeyError or ValueError."""
    value = data[name]
    if not isinstance(value, bool):
        raise ValueError(f"{name} is neither true nor false")
    return value


def list_in(data: Json, name: str) -> list[Any]:
    """The list in a field. Raises KeyError or ValueError."""
    value = data[name]
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list")
    return cast("list[Any]", value)


def texts_in(data: Json, name: str) -> tuple[str, ...]:
    """The texts in a list. Raises KeyError or ValueError."""
    values = list_in(data, name)
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name} holds something that is no text")
    return tuple(values)


def object_of(value: object) -> Json:
    """The value as a JSON object. Raises ValueError where it is none."""
    if not isinstance(value, Mapping):
        raise ValueError("there is something else where an object belongs")
    return cast("Json", value)


def words_in(data: Json, name: str) -> dict[str, str]:
    """The object of texts in a field. Raises KeyError or ValueError."""
    words = object_of(data[name])
    return {key: text_in(words, key) for key in words}


def coverage_to_json(entry: CoverageEntry) -> dict[str, Any]:
    """A coverage entry as JSON values."""
    return {
        "reviewer": entry.reviewer,
        "path": entry.path,
        "reading": entry.reading.value,
        "why": entry.why,
        "lines": entry.lines,
        "expected": entry.expected,
    }


def coverage_from_json(data: Json) -> CoverageEntry:
    """A coverage entry out of JSON values; KeyError or ValueError where they do not fit."""
    return CoverageEntry(
        text_in(data, "reviewer"),
        text_in(data, "path"),
        Reading(text_in(data, "reading")),
        text_in(data, "why"),
        number_in(data, "lines"),
        flag_in(data, "expected"),
    )


def unread_to_json(unread: Unshown) -> dict[str, Any]:
    """What no diff shows, as JSON values."""
    return {"path": unread.path, "why": unread.why, "lines": unread.lines}


def unread_from_json(data: Json) -> Unshown:
    """What no diff shows, out of JSON values; KeyError or ValueError where they do not fit."""
    return Unshown(text_in(data, "path"), text_in(data, "why"), number_in(data, "lines"))


def reviewer_to_json(reviewer: ReviewerIdentity) -> dict[str, Any]:
    """Who reports, as JSON values."""
    return {
        "name": reviewer.name,
        "kind": reviewer.kind.value,
        "family": reviewer.family,
        "model": reviewer.model,
    }


def reviewer_from_json(data: Json) -> ReviewerIdentity:
    """Who reports, out of JSON values; KeyError or ValueError where they do not fit."""
    return ReviewerIdentity(
        text_in(data, "name"),
        ReviewerKind(text_in(data, "kind")),
        text_in(data, "family"),
        text_in(data, "model"),
    )


def stance_to_json(stance: Stance) -> dict[str, Any]:
    """A stance as JSON values."""
    return {
        "party": reviewer_to_json(stance.party),
        "kind": stance.kind.value,
        "argument": stance.argument,
        "quote": stance.quote,
        "settles": stance.settles,
        "path": stance.path,
        "line": stance.line,
        "anchored": stance.anchored,
    }


def stance_from_json(data: Json) -> Stance:
    """A stance out of JSON values; KeyError or ValueError where they do not fit."""
    return Stance(
        reviewer_from_json(object_of(data["party"])),
        StanceKind(text_in(data, "kind")),
        text_in(data, "argument"),
        text_in(data, "quote"),
        text_in(data, "settles"),
        text_in(data, "path"),
        number_in(data, "line"),
        flag_in(data, "anchored"),
    )


def report_to_json(report: Report) -> dict[str, Any]:
    """A report as JSON values."""
    anchor, suggestion, request = report.anchor, report.suggestion, report.request
    return {
        "fingerprint": report.fingerprint,
        "reviewer": reviewer_to_json(report.reviewer),
        "lens": report.lens.value,
        "rule": report.rule,
        "title": report.title,
        "claim": report.claim,
        "scenario": report.scenario,
        "category": report.category.value,
        "severity": report.severity.word,
        "confidence": report.confidence.word,
        "anchor": {
            "path": anchor.path,
            "side": anchor.side.value,
            "start_line": anchor.start_line,
            "end_line": anchor.end_line,
            "quote": anchor.quote,
        },
        "anchored": report.anchored,
        "suggestion": suggestion
        and {"description": suggestion.description, "replacement": suggestion.replacement},
        "request": request and {"direction": request.direction.value, "topic": request.topic},
        "settle": report.settle,
    }


def report_from_json(data: Json) -> Report:
    """A report out of JSON values; KeyError or ValueError where they do not fit."""
    return Report(
        fingerprint=text_in(data, "fingerprint"),
        reviewer=reviewer_from_json(object_of(data["reviewer"])),
        lens=Lens(text_in(data, "lens")),
        rule=text_in(data, "rule"),
        title=text_in(data, "title"),
        claim=text_in(data, "claim"),
        scenario=text_in(data, "scenario"),
        category=Category(text_in(data, "category")),
        severity=Severity[text_in(data, "severity").upper()],
        confidence=Confidence[text_in(data, "confidence").upper()],
        anchor=_anchor(object_of(data["anchor"])),
        anchored=flag_in(data, "anchored"),
        suggestion=_suggestion(data["suggestion"]),
        request=_request(data["request"]),
        settle=text_in(data, "settle"),
    )


def _anchor(data: Json) -> Anchor:
    return Anchor(
        text_in(data, "path"),
        Side(text_in(data, "side")),
        number_in(data, "start_line"),
        number_in(data, "end_line"),
        text_in(data, "quote"),
    )


def context_to_json(context: Context) -> dict[str, Any]:
    """What stands around a quote as JSON values, for the journal."""
    return {
        "outline": list(context.outline),
        "before": list(context.before),
        "after": list(context.after),
        "block": context.block,
        **({"line_hash": context.line_hash} if context.line_hash else {}),
    }


def context_from_json(data: Json) -> Context:
    """The context out of JSON values; KeyError or ValueError where they do not fit."""
    return Context(
        texts_in(data, "outline"),
        texts_in(data, "before"),
        texts_in(data, "after"),
        text_in(data, "block"),
        text_in(data, "line_hash") if "line_hash" in data else "",
    )


def _suggestion(value: object) -> Suggestion | None:
    if value is None:
        return None
    data = object_of(value)
    return Suggestion(text_in(data, "description"), text_or_none_in(data, "replacement"))


def _request(value: object) -> Request | None:
    if value is None:
        return None
    data = object_of(value)
    return Request(Direction(text_in(data, "direction")), text_in(data, "topic"))
