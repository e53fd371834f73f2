"""Checking one finding of an answer, field by field, and making a raw report of it.

These are our own checks and no general validator of JSON schemas: an answer has thirteen fields,
the sentences are read by the model that must correct them, and some rules are no schema's (a quote
must not be blank, numbers begin at 1). A test holds them against the schema with `jsonschema`.

Nothing is put right in silence: a value that is not as asked makes the whole finding wrong. Keys
that nobody asked for are ignored, since they say nothing that is used.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from xreview.domain.change import Side
from xreview.domain.claim import claim_key_of
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Request,
    ReviewerIdentity,
    Severity,
    Suggestion,
)
from xreview.domain.text import shorten
from xreview.review.reply.quote import Shown
from xreview.reviewers.base import RawReport

LONGEST_TEXT = 20_000
"""Characters; nobody reads more about one problem."""

_LARGEST = 2**53  # what every reader of JSON can hold (RFC 8259, section 6)
_LONGEST_SHOWN = 60
_MAY_BE_BLANK = frozenset({"scenario", "settle", "description"})
_SIDES = {side.value: side for side in Side}
_CATEGORIES = {category.value: category for category in Category}
_SEVERITIES = {severity.word: severity for severity in Severity}
_CONFIDENCES = {confidence.word: confidence for confidence in Confidence}
_DIRECTIONS = {direction.value: direction for direction in Direction}
_Word = TypeVar("_Word")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Stated:
    """A finding that is as it was asked for.

    Args:
        report: what it says, not yet grounded in the code.
    """

    report: RawReport


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks findings of one request.

    Args:
        reviewer: who states them.
        shown: the code that the request showed.
    """

    reviewer: ReviewerIdentity
    shown: Shown

    def check(self, found: Mapping[str, Any], place: str = "findings[0]") -> Stated | list[str]:
        """The finding, or sentences about what is wrong with it, each naming the place."""
        fields = _Fields(found, place)
        side = fields.word("side", _SIDES)
        start_line = fields.line("start_line")
        path = self.shown.path_of(fields.text("path"))
        quote = self.shown.verbatim(fields.text("quote"), path, side)
        title = " ".join(fields.text("title").split())
        claim = fields.text("claim")
        scenario = fields.text("scenario")
        settle = fields.text("settle")
        category = fields.word("category", _CATEGORIES)
        severity = fields.word("severity", _SEVERITIES)
        confidence = fields.word("confidence", _CONFIDENCES)
        request = _request_of(fields)
        suggestion = _suggestion_of(fields)
        if fields.errors:
            return fields.errors
        report = RawReport(
            reviewer=self.reviewer,
            claim_key=claim_key_of(title, claim, category),
            rule="",
            title=title,
            claim=claim.strip(),
            scenario=scenario.strip(),
            category=category,
            severity=severity,
            confidence=confidence,
            path=path,
            side=side,
            start_line=start_line,
            end_line=start_line + quote.count("\n"),
            quote=quote,
            suggestion=suggestion,
            request=request,
            settle=settle.strip(),
        )
        return Stated(report)


class _Fields:
    """The fields of an object; what is wrong is gathered, and a stand-in given back for it."""

    def __init__(self, found: Mapping[str, Any], place: str, errors: list[str] | None = None):
        self._found = found
        self._place = place
        self.errors: list[str] = [] if errors is None else errors

    def text(self, name: str) -> str:
        value = self._found.get(name)
        if not isinstance(value, str):
            return self._wrong(name, "a string", "")
        if not value.strip() and name not in _MAY_BE_BLANK:
            self.errors.append(f"{self._place}.{name} is blank.")
        self._bound(name, value)
        return value

    def text_or_none(self, name: str) -> str | None:
        """A string, blank ones too, or null."""
        value = self._found.get(name)
        if name in self._found and value is None:
            return None
        if not isinstance(value, str):
            return self._wrong(name, "a string or null", None)
        self._bound(name, value)
        return value

    def line(self, name: str) -> int:
        value = self._found.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not 1 <= cast("int", value) <= _LARGEST:
            return self._wrong(name, "a whole number from 1 on", 1)
        return cast("int", value)

    def word(self, name: str, words: Mapping[str, _Word]) -> _Word:
        value = self._found.get(name)
        if isinstance(value, str) and value in words:
            return words[value]
        return self._wrong(name, f"one of {', '.join(words)}", next(iter(words.values())))

    def object_or_none(self, name: str) -> "_Fields | None":
        value = self._found.get(name)
        if name in self._found and value is None:
            return None
        if not isinstance(value, dict):
            return self._wrong(name, "an object or null", None)
        inner = cast("dict[str, Any]", value)
        return _Fields(inner, f"{self._place}.{name}", self.errors)

    def _bound(self, name: str, value: str) -> None:
        if len(value) > LONGEST_TEXT:
            self.errors.append(
                f"{self._place}.{name} has {len(value):,} characters;"
                f" {LONGEST_TEXT:,} are the most."
            )

    def _wrong(self, name: str, wanted: str, stand_in: _Value) -> _Value:
        said = "is missing" if name not in self._found else f"is {_told(self._found[name])}"
        self.errors.append(f"{self._place}.{name} {said}; it must be {wanted}.")
        return stand_in


def _request_of(fields: _Fields) -> Request | None:
    inner = fields.object_or_none("request")
    if inner is None:
        return None
    direction = inner.word("direction", _DIRECTIONS)
    return Request(direction, " ".join(inner.text("topic").lower().split()))


def _suggestion_of(fields: _Fields) -> Suggestion | None:
    inner = fields.object_or_none("suggestion")
    if inner is None:
        return None
    replacement = inner.text_or_none("replacement")
    return Suggestion(inner.text("description").strip(), replacement)


def _told(value: object) -> str:
    """A value as the model wrote it, cut short."""
    try:
        return shorten(json.dumps(value, ensure_ascii=False), _LONGEST_SHOWN)
    except ValueError:  # an integer too long to be written
        return "a number too long to be written"
