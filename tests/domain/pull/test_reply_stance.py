import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.pull.threads import ADA, BOB, BOT, thread
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.reply_stance import LONGEST_ARGUMENT, stance_of_author
from xreview.domain.report import ReviewerKind
from xreview.domain.stance import StanceKind


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("Fixed in 12ab34.", StanceKind.CONCEDES),
        ("Good catch, thanks!", StanceKind.CONCEDES),
        ("Done", StanceKind.CONCEDES),
        ("You’re right, I will change it.", StanceKind.CONCEDES),
        ("Won't fix: the table is tiny.", StanceKind.REBUTS),
        ("This is by design.", StanceKind.REBUTS),
        ("I don't agree, the caller holds the lock.", StanceKind.REBUTS),
        ("I disagree", StanceKind.REBUTS),
        ("That can never happen: it is validated above.", StanceKind.REBUTS),
        ("False positive.", StanceKind.REBUTS),
        ("This is not fixed by the caller, and not an issue.", StanceKind.REBUTS),
        ("Already done in the caller.", StanceKind.SILENT),
        ("What do you mean?", StanceKind.SILENT),
        ("Fixed the first half, the other is by design.", StanceKind.SILENT),
        ("> This is not a bug\n\nFixed.", StanceKind.CONCEDES),
        ("Look at `fixed`.", StanceKind.SILENT),
        ("```\nfixed\n```", StanceKind.SILENT),
        ("Not done yet", StanceKind.SILENT),
    ],
)
def test_a_reply_of_the_author_is_a_stance(reply, kind):
    said = stance_of_author(thread((BOT, "It loses updates."), (ADA, reply)), ADA)
    assert said is not None
    assert said.kind is kind
    assert reply.strip("`\n") in said.argument


def test_only_the_author_s_replies_to_others_count():
    assert stance_of_author(thread((BOT, "It loses updates.")), ADA) is None
    assert stance_of_author(thread((BOT, "It loses updates."), (BOB, "Fixed.")), ADA) is None
    assert stance_of_author(thread((ADA, "Is this right?"), (ADA, "Fixed.")), ADA) is None


def test_the_last_reply_with_a_side_counts():
    said = stance_of_author(
        thread((BOT, "No."), (ADA, "By design."), (BOT, "No!"), (ADA, "Fixed."), (ADA, "Well")), ADA
    )
    assert said is not None
    assert (said.kind, said.argument) == (StanceKind.CONCEDES, "Fixed.")


def test_logins_are_compared_as_the_forges_write_them():
    said = stance_of_author(thread((BOT, "No."), (ForgeAccount("Ada"), "Fixed.")), ADA)
    assert said is not None
    assert (said.party.name, said.party.kind) == ("ada", ReviewerKind.PERSON)


def test_an_agent_that_opened_the_request_is_no_person():
    agent = ForgeAccount("claude[bot]", is_bot=True)
    said = stance_of_author(thread((BOT, "No."), (agent, "Fixed.")), agent)
    assert said is not None
    assert said.party.kind is ReviewerKind.AGENT


def test_the_argument_is_prose():
    text = "**By design**, see [the docs](https://x.test).\n\n<!-- id: 1 -->"
    said = stance_of_author(thread((BOT, "No."), (ADA, text)), ADA)
    assert said is not None
    assert said.argument == "By design, see the docs."


@given(st.text())
def test_any_reply_is_kept_and_bounded(text):
    said = stance_of_author(thread((BOT, "No."), (ADA, text)), ADA)
    assert said is not None
    assert said.kind in (StanceKind.CONCEDES, StanceKind.REBUTS, StanceKind.SILENT)
    assert len(said.argument) <= LONGEST_ARGUMENT + 40
