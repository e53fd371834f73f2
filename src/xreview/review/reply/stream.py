"""Reading findings from an answer as it arrives, and checking the whole at the end.

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
from typing import Any, cast

from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.reply.fields import excerpt_of
from xreview.review.reply.scan import Element, ElementScanner

_SHOWN = 200  # characters of an answer that are kept to be quoted
_BEFORE = 20  # characters before a mistake in the JSON

MOST_ERRORS = 20
"""Sentences in a repair turn."""


@dataclass(frozen=True, slots=True)
class CheckedReply:
    """A checked answer.

    Args:
        stated: the valid findings, in the answer's order.
        errors: what is wrong, one sentence each, for a repair turn.
        kept_out: the number of findings that are not in `stated`.
        is_whole: whether the list of findings was closed.
        unread: why the answer was not read to its end, "" if it was. An answer that is too long
            must not be repaired.
    """

    stated: tuple[StatedFinding, ...]
    errors: tuple[str, ...]
    kept_out: int
    is_whole: bool
    unread: str = ""


class FindingStream:
    """Takes the text of one answer; use a new one if the answer starts over."""

    def __init__(self) -> None:
        self._scanner = ElementScanner()
        self._said: list[dict[str, Any] | str] = []
        self._beginning = ""

    def feed(self, text: str) -> list[dict[str, Any]]:
        """The findings that `text` completes, as unchecked JSON objects."""
        if len(self._beginning) < _SHOWN:
            self._beginning += text[:_SHOWN]
        read = [_read(element) for element in self._scanner.feed(text)]
        self._said += read
        return [one for one in read if isinstance(one, dict)]

    def finish(self, checker: Checker) -> CheckedReply:
        """The whole answer, checked; if it broke off, what came before is kept."""
        stated: list[StatedFinding] = []
        errors: list[str] = []
        for index, said in enumerate(self._said):
            place = f"findings[{index}]"
            if isinstance(said, str):
                errors.append(f"{place} {said}.")
                continue
            checked = checker.check(said, place)
            if isinstance(checked, StatedFinding):
                stated.append(checked)
            else:
                errors += checked
        errors += self._errors_of_the_whole()
        kept_out = len(self._said) - len(stated)
        return CheckedReply(tuple(stated), tuple(errors), kept_out, self._is_whole, self.unread)

    @property
    def unread(self) -> str:
        """As in `CheckedReply`; once it isn't "", nothing more of the answer is read."""
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
            begins = excerpt_of(self._beginning.strip())
            came = f"it begins with “{begins}”" if begins else "it is empty"
            wanted = '{"findings": [...]}'
            return [f"The answer must be one JSON object {wanted} with a list, but {came}."]
        if self._scanner.is_open:
            return [f"The answer breaks off in or before findings[{len(self._said)}]."]
        if self._scanner.lists > 1:
            lists = count_of(self._scanner.lists, "list")
            return [f"The answer has {lists} “findings”; only the first was read."]
        return []


def repair_question(errors: Sequence[str]) -> str:
    """The question to a model whose answer was invalid, asked once.

    Valid findings must not be repeated: they are already taken.
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
            " only the findings named above, corrected, and any that were cut off. Leave out every"
            " finding that isn't named: it was accepted. Don't add new ones. If nothing is left,"
            " answer with an empty list.",
        )
    )


def _read(element: Element) -> dict[str, Any] | str:
    """The object, or the rest of a sentence that says what is wrong."""
    if element.is_too_deep:
        return "is nested too deeply"
    try:
        value: object = json.loads(element.text)
    except json.JSONDecodeError as error:
        near = excerpt_of(element.text[max(0, error.pos - _BEFORE) :])
        return f"is not valid JSON: {error.msg} at its character {error.pos + 1:,}, in “{near}”"
    except ValueError:  # an integer too long for Python to convert
        return "is not valid JSON: it has a number with too many digits"
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    return f"must be an object, but it is {excerpt_of(element.text)}"
