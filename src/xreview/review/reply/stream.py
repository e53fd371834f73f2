"""Findings out of an answer while it comes in, and the whole of it checked at the end.

stream = FindingStream()
for delta in answer:
    for found in stream.feed(delta):
        ...                         # show it: checker.check(found)
reply = stream.finish(checker)
if reply.errors:
    ...                             # ask once more: repair_question(reply.errors)
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from xreview.domain.text import count_of
from xreview.ports.reviewer import RawReport
from xreview.review.reply.check import Checker, Stated
from xreview.review.reply.scan import Element, ElementScanner

MOST_ERRORS = 20
"""How many sentences a repair turn names; more would not be read with care."""


@dataclass(frozen=True, slots=True)
class CheckedReply:
    """An answer, checked.

    Args:
        stated: the findings that are as asked for, in the answer's order.
        errors: what is wrong with the answer, one sentence each, for a repair turn.
        kept_out: how many findings were said and are not in `stated`.
        is_whole: whether the list of findings came to its end.
        unread: what is said of an answer that was not read to its end since it has too much of
            something; "" where it was. Then it is not to be repaired.
    """

    stated: tuple[Stated, ...]
    errors: tuple[str, ...]
    kept_out: int
    is_whole: bool
    unread: str = ""

    @property
    def findings(self) -> list[RawReport]:
        """The reports of `stated`."""
        return [one.report for one in self.stated]


class FindingStream:
    """Takes in the text of one answer; begin a new one where the answer begins anew."""

    def __init__(self) -> None:
        self._scanner = ElementScanner()
        self._said: list[dict[str, Any] | str] = []

    def feed(self, text: str) -> list[dict[str, Any]]:
        """The findings that `text` completes, as JSON objects that nobody checked."""
        read = [_read(element) for element in self._scanner.feed(text)]
        self._said += read
        return [one for one in read if isinstance(one, dict)]

    def finish(self, checker: Checker) -> CheckedReply:
        """The whole answer, checked; what came before it broke off is kept."""
        stated: list[Stated] = []
        errors: list[str] = []
        for index, said in enumerate(self._said):
            place = f"findings[{index}]"
            if isinstance(said, str):
                errors.append(f"{place} {said}.")
                continue
            checked = checker.check(said, place)
            if isinstance(checked, Stated):
                stated.append(checked)
            else:
                errors += checked
        errors += self._errors_of_the_whole()
        kept_out = len(self._said) - len(stated)
        return CheckedReply(tuple(stated), tuple(errors), kept_out, self._is_whole, self.unread)

    @property
    def unread(self) -> str:
        """As in `CheckedReply`; once it is not "", nothing more of the answer is read."""
        if not self._scanner.stopped:
            return ""
        said = len(self._said)
        read = f"only the first {said:,}" if said > 1 else "only one finding" if said else "nothing"
        return f"it sent {self._scanner.stopped}; {read} {'were' if said > 1 else 'was'} read"

    @property
    def _is_whole(self) -> bool:
        return self._scanner.lists > 0 and not self._scanner.is_open

    def _errors_of_the_whole(self) -> list[str]:
        if not self._scanner.lists:
            return ["The answer holds no JSON object with a list “findings”."]
        if self._scanner.is_open:
            return [f"The answer breaks off in or before findings[{len(self._said)}]."]
        if self._scanner.lists > 1:
            lists = count_of(self._scanner.lists, "list")
            return [f"The answer holds {lists} “findings”; only the first was read."]
        return []


def repair_question(errors: Sequence[str]) -> str:
    """What a model is told, once, when its answer was not as asked for.

    Findings that were right are not to be said again: they were taken as they are.
    """
    told = [f"- {error}" for error in errors[:MOST_ERRORS]]
    if len(errors) > MOST_ERRORS:
        told.append(f"- and {len(errors) - MOST_ERRORS:,} more of the same kinds.")
    return "\n".join(
        (
            "Your last answer does not follow the schema:",
            *told,
            "",
            "Answer once more with one JSON object that follows the schema. Put into “findings”"
            " only what is named above, corrected, and what your last answer left out. Leave out"
            " every finding that is not named: it was taken as it was. Don't add new ones. If"
            " nothing is left to say, answer with an empty list.",
        )
    )


def _read(element: Element) -> dict[str, Any] | str:
    """The object, or the rest of a sentence that says why there is none."""
    if element.is_too_deep:
        return "is nested too deeply"
    try:
        value: object = json.loads(element.text)
    except ValueError:  # JSONDecodeError, and integers too long for Python to convert
        return "is not valid JSON"
    return cast("dict[str, Any]", value) if isinstance(value, dict) else "is no object"
