"""What an attempt says of itself: the schema, and reading it strictly.

A malformed element is left out and reported, so that it can be asked for again. What is only too
long or too much is cut, and that is said. Known keys are masked.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from xreview.domain.attempt.statement import MOST_QUESTIONS, AttemptStatement, EdgeCase
from xreview.domain.inside import relative_path
from xreview.domain.text import count_of, shorten
from xreview.hardening.redaction import value_without_keys, without_keys
from xreview.review.attempts.writers import WriterReply
from xreview.review.reply.fields import Fields
from xreview.review.reply.schema import object_schema, text_schema
from xreview.review.writing.edit_reply import EDIT_LIST, PATH_LIST, read_edits, read_removed
from xreview.review.writing.errand import ReadAnswer, trouble_in
from xreview.review.writing.json_answer import result_object

MOST_SENTENCES = 3
"""Of an approach."""

MOST_POINTS = 20
"""Assumptions, handled cases, and cases left out: of each so many at most."""

LONGEST_APPROACH = 1_000
"""Characters."""

LONGEST_POINT = 400
"""Characters of an assumption, a case or a question."""

LONGEST_QUOTE = 2_000
"""Characters of the code that handles a case."""

_BEGINS = ("edits", "removed", "statement")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[`]*[A-Z])")
_Point = TypeVar("_Point")


def _list_schema(item: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": item, "description": description}


_SENTENCE = {"type": "string"}
_CASE = object_schema(
    text=text_schema("The edge case, in one sentence."),
    path=text_schema("The file with the code that handles it, relative to the top folder."),
    quote=text_schema(
        "1 to 6 whole lines of that code as they are in the file now, copied character by"
        " character."
    ),
)
_STATEMENT = object_schema(
    approach=text_schema("How the task is solved, in at most three sentences."),
    assumptions=_list_schema(_SENTENCE, "What is taken for granted, one sentence each."),
    handled=_list_schema(_CASE, "The edge cases that the code handles."),
    left_out=_list_schema(_SENTENCE, "The edge cases that it doesn't handle, one sentence each."),
    questions=_list_schema(_SENTENCE, "At most three questions that you would have asked."),
)

STATEMENT_SCHEMA: Mapping[str, Any] = object_schema(statement=_STATEMENT)
"""The schema of the answer of an agent, which changes the files itself, and of a reader."""

ATTEMPT_SCHEMA: Mapping[str, Any] = object_schema(
    edits=EDIT_LIST, removed=PATH_LIST, statement=_STATEMENT
)
"""The schema of the answer of a model that can't write files: the changes first."""


def read_statement(
    text: str, by: str, *, is_writers: bool, needs_edits: bool = False
) -> ReadAnswer[WriterReply]:
    """What an answer says of an attempt, and its edits if it must have some.

    The statement is None if there is none, or none with an approach.

    Args:
        by: the name of who answers. is_writers: whether it wrote the attempt.
    """
    wanted: dict[str, type] = {"edits": list} if needs_edits else {"statement": dict}
    found = result_object(text, wanted, _BEGINS)
    if isinstance(found, str):
        return ReadAnswer(WriterReply(trouble=found), errors=(found,))
    edit_errors: list[str] = []
    edits = read_edits(found["edits"], edit_errors) if needs_edits else ()
    removed = read_removed(found.get("removed"), edit_errors) if needs_edits else ()
    reading = _Reading()
    statement = reading.statement(value_without_keys(found.get("statement")), by, is_writers)
    errors = tuple(map(without_keys, (*edit_errors, *reading.errors)))  # they quote the answer
    trouble = trouble_in((*errors, *reading.remarks))
    return ReadAnswer(
        WriterReply(statement, trouble),
        edits,
        removed,
        errors,
        tuple(reading.remarks),
        is_usable=not edit_errors,
    )


class _Reading:
    """Reads one statement: what is wrong with it, and what was cut."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.remarks: list[str] = []

    def statement(self, said: object, by: str, is_writers: bool) -> AttemptStatement | None:
        """The statement without what is malformed; None without an approach."""
        if not isinstance(said, dict):
            self.errors.append("The answer has no object “statement”.")
            return None
        found = cast("dict[str, Any]", said)
        fields = Fields(found, "statement", self.errors)
        approach = self._approach(fields)
        statement = AttemptStatement(
            approach,
            self._sentences(found, "assumptions"),
            self._several(found, "handled", self._case, MOST_POINTS),
            self._sentences(found, "left_out"),
            self._sentences(found, "questions", MOST_QUESTIONS),
            by,
            is_writers,
        )
        return statement if approach else None

    def _approach(self, fields: Fields) -> str:
        approach = fields.text("approach", longest=_NO_LIMIT).strip()
        ends = [end.start() for end in _SENTENCE_END.finditer(approach[: LONGEST_APPROACH * 2])]
        if len(ends) >= MOST_SENTENCES:
            approach = approach[: ends[MOST_SENTENCES - 1]]
            self.remarks.append(f"Only the first {MOST_SENTENCES} sentences of its approach count.")
        return self._bounded(approach, "approach", LONGEST_APPROACH)

    def _sentences(
        self, found: Mapping[str, Any], name: str, most: int = MOST_POINTS
    ) -> tuple[str, ...]:
        return self._several(found, name, self._sentence, most)

    def _several(
        self,
        found: Mapping[str, Any],
        name: str,
        read: Callable[[object, str], _Point | None],
        most: int,
    ) -> tuple[_Point, ...]:
        """The valid elements of a list, each once, at most so many."""
        said: object = found.get(name)
        if not isinstance(said, list):
            self.errors.append(f"statement.{name} must be a list.")
            return ()
        elements = cast("Sequence[object]", said)
        points = (
            read(one, f"statement.{name}[{number}]") for number, one in enumerate(elements[:most])
        )
        if (more := len(elements) - most) > 0:
            named = name.replace("_", " ")
            told = count_of(more, "more element")
            self.remarks.append(f"It has {told} in “{named}”; the maximum is {most}.")
        return tuple(dict.fromkeys(point for point in points if point is not None))

    def _sentence(self, said: object, place: str) -> str | None:
        if not isinstance(said, str) or not said.strip():
            self.errors.append(f"{place} must be a sentence.")
            return None
        return self._bounded(said.strip(), place, LONGEST_POINT)

    def _case(self, said: object, place: str) -> EdgeCase | None:
        if not isinstance(said, dict):
            self.errors.append(f"{place} is not an object.")
            return None
        fields = Fields(cast("dict[str, Any]", said), place)
        text = fields.text("text", longest=_NO_LIMIT).strip()
        given = fields.text("path", may_be_blank=True)
        quote = fields.text("quote", may_be_blank=True, longest=_NO_LIMIT)
        path = relative_path(given)
        if path is None:
            fields.refuse("path", "leads out of the folder")
        if len(quote) > LONGEST_QUOTE:
            self.remarks.append(f"{place} quotes too much code, so that it's unproven.")
            quote = ""
        self.errors += fields.errors
        if not text:
            return None
        return EdgeCase(
            self._bounded(text, f"{place}.text", LONGEST_POINT), path or "", quote if path else ""
        )

    def _bounded(self, text: str, place: str, longest: int) -> str:
        if len(text) > longest:
            self.remarks.append(f"{place} has {len(text):,} characters, and was cut.")
        return shorten(text, longest)


_NO_LIMIT = 4_000_000  # `_bounded` cuts instead
