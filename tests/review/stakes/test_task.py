import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.stakes.advice import advise
from xreview.domain.stakes.stakes import TaskToCheck, WorkForm, WorkKind
from xreview.domain.stakes.tier import Tier
from xreview.review.stakes.task import task_stakes


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        ("Add CRUD endpoints for notes", WorkKind.OTHER),
        ("Convert the CSV rows to dataclasses", WorkKind.OTHER),
        ("Sort the names in the summary", WorkKind.OTHER),
        ("Change the label of the send button to “Go”", WorkKind.INTERFACE),
        ("Make the header's colour blue", WorkKind.INTERFACE),
        ("Fix the typo in README.md", WorkKind.DOCUMENTATION),
        ("Describe the new option in the docs", WorkKind.DOCUMENTATION),
        ("Translate the captions", WorkKind.INTERFACE),
    ],
)
def test_what_is_cheap_and_soon_checked(task: str, kind: WorkKind) -> None:
    stakes = task_stakes(task)

    assert advise(stakes).tier is Tier.FAST, advise(stakes).reason
    assert stakes.kind is kind


@pytest.mark.parametrize(
    ("task", "kind", "what"),
    [
        ("Let users log in with a passkey", WorkKind.AUTHENTICATION, "authentication or secrets"),
        ("Check the caller's permissions", WorkKind.AUTHENTICATION, "authentication or secrets"),
        ("Encrypt the export", WorkKind.AUTHENTICATION, "authentication or secrets"),
        ("Round refunds to cents", WorkKind.MONEY, "money"),
        ("Handle webhooks from the shop", WorkKind.OTHER, "a webhook"),
        ("Put e-mails on a queue", WorkKind.CONCURRENCY, "a queue or retries"),
        ("Limit the number of retries", WorkKind.CONCURRENCY, "a queue or retries"),
        ("Add a column to users, with a migration", WorkKind.MIGRATION, "a migration"),
        ("Delete users after 90 days", WorkKind.STORED_DATA, "deletion"),
        ("Hide personal data in the CSV", WorkKind.STORED_DATA, "personal data"),
        ("Restore the journal from a backup", WorkKind.STORED_DATA, "stored data"),
        ("Fix the typo in src/billing/totals.py", WorkKind.MONEY, "money"),
        ("Fix the label in app/auth.tsx.", WorkKind.AUTHENTICATION, "authentication or secrets"),
        ("Deprecate the old names", WorkKind.OTHER, "a public interface"),
        ("Upgrade the dependencies", WorkKind.OTHER, "what the project depends on"),
        ("Reword the rules in AGENTS.md", WorkKind.OTHER, "instructions to coding agents"),
    ],
)
def test_what_is_expensive_to_get_wrong(task: str, kind: WorkKind, what: str) -> None:
    stakes = task_stakes(task)

    assert advise(stakes).tier is Tier.DEEP
    assert stakes.kind is kind
    assert stakes.risks[0].what == what


@pytest.mark.parametrize(
    ("task", "form", "kind"),
    [
        ("Do the thing", WorkForm.LOGIC, WorkKind.OTHER),
        ("", WorkForm.LOGIC, WorkKind.OTHER),
        ("Implement the label's layout", WorkForm.LOGIC, WorkKind.INTERFACE),
        ("Write tests for parse_date", WorkForm.LOGIC, WorkKind.TESTS),
    ],
)
def test_what_takes_a_reading_is_deep(task: str, form: WorkForm, kind: WorkKind) -> None:
    stakes = task_stakes(task)

    assert stakes.parts == (TaskToCheck(form, 1),)
    assert advise(stakes).tier is Tier.DEEP
    assert stakes.kind is kind


@pytest.mark.parametrize(
    "task",
    [
        "Fix the typo, except in the title",
        "Fix the typo in “syntax” and the one in “clock”",
        "Fix the authors' names in the docs",
        "Fix the typos in the block at the end of docs/clock.md",
    ],
)
def test_plain_english_is_no_risk(task: str) -> None:
    assert task_stakes(task).risks == ()


def test_each_item_and_each_forty_words_are_a_demand() -> None:
    def demands(task: str) -> int:
        (part,) = task_stakes(task).parts
        assert isinstance(part, TaskToCheck)
        return part.demands

    assert demands("Fix these typos:\n- a\n* b\n 3. c\n") == 3
    assert demands("typo " * 81) == 3
    assert demands("Fix 2.5 typos - or more") == 1


@given(st.text(max_size=400), st.text(max_size=400))
def test_a_risky_word_is_never_talked_away(before: str, after: str) -> None:
    stakes = task_stakes(f"{before} password {after}")

    assert "authentication or secrets" in {risk.what for risk in stakes.risks}
    assert advise(stakes).reason.isprintable()


@pytest.mark.parametrize(
    "part", ["a", "/", "\n", " ", "a.b ", "- \n", "x/y ", "-", "\u202e", "aB", "log ", "*", "."]
)
def test_a_huge_task_takes_no_time(part: str) -> None:
    began = time.perf_counter()
    task_stakes(part * 300_000)

    assert time.perf_counter() - began < 2
