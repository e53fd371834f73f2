"""Checking one finding of an answer, field by field, and making a raw report of it.

This isn't a general validator of JSON schemas: the model that must correct its answer reads the
sentences, and some rules can't be in a schema (a quote must not be blank). A test compares it with
the schema, using `jsonschema`. An invalid value makes the whole finding invalid; unknown keys are
ignored.
"""

from collections.abc import Mapping
from typing import Any

from xreview.domain.change import Side
from xreview.domain.identity.claim import claim_key_of
from xreview.domain.record import dataclass
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Request,
    ReviewerIdentity,
    Severity,
    Suggestion,
)
from xreview.hardening.redaction import value_without_keys
from xreview.ports.reviewer import RawReport
from xreview.review.reply.fields import Fields
from xreview.review.reply.quote import ShownCode

_SIDES = {side.value: side for side in Side}
_CATEGORIES = {category.value: category for category in Category}
_SEVERITIES = {severity.word: severity for severity in Severity}
_CONFIDENCES = {confidence.word: confidence for confidence in Confidence}
_DIRECTIONS = {direction.value: direction for direction in Direction}


@dataclass(frozen=True, slots=True)
class StatedFinding:
    """A valid finding; its report is not yet grounded in the code."""

    report: RawReport


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks findings of one request; `shown` is the code in it."""

    reviewer: ReviewerIdentity
    shown: ShownCode

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedFinding | list[str]:
        """The finding, or sentences that say what is wrong at which place."""
        fields = Fields(found, place)
        side = fields.word("side", _SIDES)
        start_line = fields.whole("start_line")
        path = self.shown.path_of(fields.text("path"))
        quote = self.shown.verbatim(fields.text("quote"), path, side)
        title = " ".join(fields.text("title").split())
        claim = fields.text("claim")
        scenario = fields.text("scenario", may_be_blank=True)
        settle = fields.text("settle", may_be_blank=True)
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
        return StatedFinding(report)


@dataclass(frozen=True, slots=True)
class KeylessChecker(Checker):
    """Masks API keys in all texts of a finding before `checker` checks it.

    Nothing else reads a finding, so no key can reach the screen, the journal or an export.
    """

    checker: Checker

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedFinding | list[str]:
        """The finding, or sentences that say what is wrong at which place."""
        return self.checker.check(value_without_keys(dict(found)), place)


def _request_of(fields: Fields) -> Request | None:
    inner = fields.object_or_none("request")
    if inner is None:
        return None
    direction = inner.word("direction", _DIRECTIONS)
    return Request(direction, " ".join(inner.text("topic").lower().split()))


def _suggestion_of(fields: Fields) -> Suggestion | None:
    inner = fields.object_or_none("suggestion")
    if inner is None:
        return None
    replacement = inner.text_or_none("replacement")
    return Suggestion(inner.text("description", may_be_blank=True).strip(), replacement)
