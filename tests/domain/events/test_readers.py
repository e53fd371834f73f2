"""A reader of events names each payload that it takes or skips: a new one can't slip through."""

import ast
from pathlib import Path

import pytest
from hypothesis import given

import xreview
from tests.domain.strategies import payloads
from xreview.domain.events import payload as groups
from xreview.domain.events.event import PAYLOADS
from xreview.journal.subjects import subjects_of

SOURCE = Path(xreview.__file__).parent
NAMES = {kind.__name__ for kind in PAYLOADS.values()}


def named_in(case: ast.match_case) -> set[str]:
    return {
        one.cls.id
        for one in ast.walk(case.pattern)
        if isinstance(one, ast.MatchClass) and isinstance(one.cls, ast.Name)
    }


def slips_through(source: str) -> list[int]:
    """The lines of the matches on a payload that have a `case _`."""
    return [
        one.lineno
        for one in ast.walk(ast.parse(source))
        if isinstance(one, ast.Match)
        and ast.unparse(one.subject).rpartition(".")[2].rpartition(":= ")[2].strip("()")
        in ("payload", "event.payload")
        and any(NAMES & named_in(case) for case in one.cases)
        and any(isinstance(case.pattern, ast.MatchAs) and not case.guard for case in one.cases)
    ]


def test_no_reader_of_events_has_a_wildcard():
    """The type checker (`reportMatchNotExhaustive`) then names each reader that misses one."""
    found = {
        str(path.relative_to(SOURCE)): lines
        for path in SOURCE.rglob("*.py")
        if (lines := slips_through(path.read_text()))
    }
    assert not found


def test_a_wildcard_is_found():
    source = "match event.payload:\n  case DecisionMade(): pass\n  case _: pass\n"
    assert slips_through(source) == [1]
    assert slips_through(source.replace("case _", "case UpkeepEvent()")) == []


@pytest.mark.parametrize("kind", PAYLOADS.values(), ids=list(PAYLOADS))
def test_every_event_is_of_one_group(kind):
    (group,) = kind.__bases__
    assert group.__module__ == groups.__name__
    assert group is not groups.JournalPayload


@given(payloads)
def test_what_names_subjects_is_found_by_them(payload):
    if hasattr(payload, "subjects"):
        by_url = (payload.url,) if isinstance(payload, groups.PullEvent) else ()
        assert subjects_of(payload) == (*payload.subjects, *by_url)
