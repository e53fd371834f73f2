"""What was said beside the reports, in every format that has room for it."""

import csv
import io
import json
from dataclasses import replace
from html import unescape
from itertools import chain

import jsonschema
import pytest

from tests.export.build import (
    ANSWER,
    CONTESTED,
    DOCUMENT,
    ESCALATED,
    FIX,
    GEMINI,
    INTENDED,
    LATER_AT,
    OPINION,
    OPUS,
    altered,
    finding,
)
from tests.export.test_json import closed
from xreview.domain.escalation import Outcome
from xreview.domain.events.escalation_events import Favour
from xreview.domain.finding import Disagreement
from xreview.domain.stance import StanceKind
from xreview.export.document import ExportEntry
from xreview.export.entry_filter import moment_of, select
from xreview.export.format import export_format, export_formats
from xreview.export.json import schema
from xreview.export.prompt import fix_prompt
from xreview.export.statements import said_of

ACCEPTED = replace(ESCALATED, decided=FIX)
CONCEDED = replace(CONTESTED.stances[0], kind=StanceKind.CONCEDES, argument="Nothing locks it.")
"""By a model that need not be the author's."""

SAID = {
    "rebuttal": "The lock is held.",
    "quote of the rebuttal": "with lock:",
    "what it says would settle it": "A stress test.",
    "opinion": "The lock is held, but not by the job.",
    "quote of the opinion": "job.run(stock)",
    "who gives it": "gemini",
    "answer": "the report is right: Lock it in the job too.",
    "who answers": "Bob",
    "kind": "contested",
}
WITH_ROOM = sorted(set(export_formats()) - {"prompt"})


def of(*entries: ExportEntry):
    return altered(DOCUMENT, entries=entries, gaps=())


def texts_of(value) -> str:
    """All texts in a JSON value, one after the other."""
    match value:
        case str():
            return value + "\n"
        case dict():
            return "".join(map(texts_of, chain(value.keys(), value.values())))
        case list():
            return "".join(map(texts_of, value))
        case _:
            return ""


def words_in(name: str, text: str) -> str:
    """What a reader of the format sees, without how it is escaped."""
    if name == "jsonl":
        return "".join(texts_of(json.loads(line)) for line in text.splitlines())
    if export_format(name).media_type.endswith("json"):
        return texts_of(json.loads(text))
    if name == "csv":
        return "\n".join(chain.from_iterable(csv.reader(io.StringIO(text, newline=""))))
    return unescape(text) if name == "html" else text


@pytest.mark.parametrize("name", WITH_ROOM)
def test_both_sides_the_opinion_and_the_answer_are_told(name: str) -> None:
    shown = words_in(name, export_format(name).render(of(ACCEPTED)))
    assert {what for what, text in SAID.items() if text not in shown} == set()


@pytest.mark.parametrize("name", sorted(set(WITH_ROOM) - {"json", "jsonl"}))
def test_an_opinion_is_no_verdict_and_no_mail_address_gets_out(name: str) -> None:
    shown = words_in(name, export_format(name).render(of(ACCEPTED)))
    assert "Opinion, no verdict" in shown
    assert "It thinks both are right about something." in shown
    assert "bob@example.com" not in shown


@pytest.mark.parametrize("name", sorted(export_formats()))
def test_what_came_back_alters_no_decision(name: str) -> None:
    """Only what a format says of the finding is more: not what became of it, nor how many."""
    bare = replace(ESCALATED, opinions=(), outcomes=())
    with_it, without = of(ESCALATED), of(bare)
    assert ESCALATED.standing is bare.standing
    assert with_it.by_standing.keys() == without.by_standing.keys()
    assert (export_format(name).render(with_it) != export_format(name).render(without)) is (
        ESCALATED.standing in export_format(name).holds
    )


def test_who_concedes_is_named_and_not_called_the_author() -> None:
    agreed = replace(CONTESTED, stances=(CONCEDED,), disagreement=Disagreement.CONCEDED)
    text = export_format("markdown").render(of(ExportEntry(agreed)))
    assert "**Concedes**, `opus (model: anthropic opus-4)`:\n\nNothing locks it." in text
    for name in export_formats():
        entry = ExportEntry(agreed, FIX)
        shown = words_in(name, export_format(name).render(of(entry)))
        assert "Nothing locks it." in shown, name
        assert "author's model" not in shown, name


@pytest.mark.parametrize("name", sorted(set(export_formats()) - {"json", "jsonl"}))
def test_whoever_is_of_the_family_that_wrote_the_file_is_marked_whether_or_not_it_raised_it(
    name: str,
) -> None:
    weighed = replace(CONTESTED.stances[0], kind=StanceKind.TRADE_OFF)
    about = replace(CONTESTED, stances=(weighed,))
    opinion = replace(ESCALATED.opinions[0], given=replace(OPINION, favours=Favour.BOTH))
    entry = replace(ACCEPTED, finding=about, opinions=(opinion,))
    for family, label in (
        ("anthropic", "opus (model: anthropic opus-4)"),
        ("google", "gemini (model: google gemini-4)"),
    ):
        shown = words_in(name, export_format(name).render(of(replace(entry, author_family=family))))
        assert shown.count("of the author's family") == 1
        assert f"{label}, of the author's family" in shown
    for family in ("", "ruff", "openai"):
        shown = words_in(name, export_format(name).render(of(replace(entry, author_family=family))))
        assert "s family" not in shown


def test_json_tells_it_of_each_answer_and_opinion() -> None:
    document = of(replace(ESCALATED, author_family="google"))
    data = json.loads(export_format("json").render(document))
    jsonschema.Draft202012Validator(closed(schema())).validate(data)
    (found,) = data["findings"]
    assert found["author_family"] == "google"
    assert [one["is_same_family"] for one in found["stances"]] == [False]
    assert [one["is_same_family"] for one in found["opinions"]] == [True]


def test_a_model_that_was_asked_and_is_silent_says_why_and_others_say_nothing() -> None:
    silent = replace(CONTESTED.stances[0], kind=StanceKind.SILENT, argument="it gave no answer")
    idle = replace(silent, party=GEMINI, argument="")
    (said,) = said_of(ExportEntry(replace(CONTESTED, stances=(silent, idle))))
    assert (said.heading, said.text) == (
        "Silent, opus (model: anthropic opus-4)",
        "It was asked, and it gave no answer",
    )


def test_a_made_up_quote_is_told_of_answers_and_of_opinions() -> None:
    opinion = ESCALATED.opinions[0]
    made_up = replace(opinion, given=replace(opinion.given, anchored=False, path="", line=0))
    rebuttal = replace(CONTESTED.stances[0], anchored=False)
    entry = replace(ACCEPTED, finding=replace(CONTESTED, stances=(rebuttal,)), opinions=(made_up,))
    for name in sorted(set(WITH_ROOM) - {"json", "jsonl"}):
        shown = words_in(name, export_format(name).render(of(entry)))
        assert shown.count("quote isn't in the code") == 2, name
        assert shown.count("doesn't count as an answer") == 1, name


def test_markdown_reads_in_order() -> None:
    text = export_format("markdown").render(of(ESCALATED))
    expected = """\
**Rebuts**, `opus (model: anthropic opus-4)`:

The lock is held.

It quotes:

```
with lock:
```

**What would settle it:** A stress test.

**Opinion, no verdict**, `gemini (model: google gemini-4)`, 2025-11-21 10:00 UTC:

It thinks both are right about something.

The lock is held, but not by the job.

It quotes `shop/job.py:7`:

```
job.run(stock)
```

**What would settle it:** A test with the job.

**Answer**, `Bob`, 2025-11-22 08:15 UTC:

the report is right: Lock it in the job too.

**Decision:** escalated: person, by Ada, 2025-11-21 10:00 UTC
"""
    assert expected in text


def test_a_rejected_finding_keeps_to_its_line_with_what_it_came_to() -> None:
    rejected = replace(ESCALATED, decided=INTENDED, note="by design")
    text = export_format("markdown").render(of(rejected))
    assert (
        " · contested · intended · Rebuts, `opus (model: anthropic opus-4)`"
        " · Opinion, no verdict, `gemini (model: google gemini-4)`: It thinks both are right"
        " about something."
        " · Answer, `Bob`: the report is right: Lock it in the job too. · by design\n"
    ) in text


def test_a_line_tells_an_answer_that_does_not_count_and_why_somebody_is_silent() -> None:
    made_up = replace(CONTESTED.stances[0], anchored=False)
    silent = replace(made_up, party=GEMINI, kind=StanceKind.SILENT, argument="it gave no *answer*")
    about = replace(CONTESTED, stances=(made_up, silent))
    (line,) = [
        line
        for line in export_format("markdown").render(of(ExportEntry(about, INTENDED))).splitlines()
        if line.startswith("- high: ")
    ]
    assert (
        " · Rebuts, `opus (model: anthropic opus-4)`: Its quote isn't in the code:"
        " it doesn't count as an answer."
        " · Silent, `gemini (model: google gemini-4)`: It was asked, and it gave no \\*answer\\*"
    ) in line


def test_json_has_all_of_it_as_it_was_and_fits_the_schema() -> None:
    data = json.loads(export_format("json").render(of(ESCALATED)))
    jsonschema.Draft202012Validator(closed(schema())).validate(data)
    (found,) = data["findings"]
    assert found["outcomes"] == [
        {"by": ANSWER.by, "outcome": ANSWER.outcome, "at": LATER_AT, "action": "a1"}
    ]
    (opinion,) = found["opinions"]
    assert (opinion["favours"], opinion["party"]["family"]) == ("both", "google")
    assert (opinion["path"], opinion["line"], opinion["anchored"]) == ("shop/job.py", 7, True)
    favours = schema()["$defs"]["opinion"]["properties"]["favours"]["enum"]
    assert set(favours) == {favour.value for favour in Favour}


def test_an_agent_is_told_what_helps_to_fix_and_not_what_talks_it_out_of_it() -> None:
    weighed = replace(CONTESTED.stances[0], kind=StanceKind.TRADE_OFF, argument="Locks cost time.")
    made_up = replace(CONCEDED, argument="Made up.", anchored=False)
    stances = (*CONTESTED.stances, weighed, made_up)
    entry = replace(ACCEPTED, finding=replace(CONTESTED, stances=stances))
    text = fix_prompt([entry])
    assert "Trade-off, `opus (model: anthropic opus-4)`:\n\n```\nLocks cost time.\n```" in text
    assert "not by the job.\n```\n\nIt quotes `shop/job.py:7`:\n\n```\njob.run(stock)\n```" in text
    assert "Answer, `Bob`:\n\n```\nthe report is right: Lock it in the job too.\n```" in text
    for left_out in ("The lock is held.", "Made up.", "bob@example.com"):
        assert left_out not in text
    opinion = ESCALATED.opinions[0]
    for given in (
        replace(opinion.given, favours=Favour.ANSWER),
        replace(opinion.given, favours=Favour.NEITHER),
        replace(opinion.given, anchored=False),
    ):
        against = replace(entry, opinions=(replace(opinion, given=given),))
        assert "not by the job" not in fix_prompt([against])


def test_an_agent_is_told_of_signs_in_what_colleagues_quote() -> None:
    opinion = ESCALATED.opinions[0]
    hostile = replace(opinion, given=replace(opinion.given, quote="x = '\x1b'"))
    text = fix_prompt([replace(ACCEPTED, opinions=(hostile,))])
    assert "visible signs" in text
    assert "x = '␛'" in text


def test_an_answer_counts_as_something_that_happened() -> None:
    document = of(ESCALATED, ExportEntry(finding("f9", title="Old")))
    assert document.as_of == LATER_AT
    since = select(document, since=moment_of("2025-11-22T00:00+00:00"))
    assert [entry.finding for entry in since.entries] == [CONTESTED]
    unknown = replace(ESCALATED, outcomes=(Outcome(ANSWER),))
    assert "Answer, Bob: the report" in export_format("html").render(of(unknown)).replace(
        "</strong>", ""
    )
    assert OPUS in document.reviewers
