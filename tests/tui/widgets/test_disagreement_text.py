"""What the disagreement pane says: the other side first, of each kind of disagreement."""

from dataclasses import replace

import pytest
from textual.geometry import Size

from tests.fakes.forge import ADDRESS, BOT
from tests.fakes.forge import AUTHOR as PULL_AUTHOR
from tests.fakes.posting import PULL, remark
from tests.fakes.posting import said as thread_said
from tests.fakes.reports import ECONOMY, report
from xreview.domain.authorship.author import Attribution, Author
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Direction, Lens, Request, ReviewerIdentity, ReviewerKind
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import scored
from xreview.domain.stance import Stance, StanceKind
from xreview.review.choosing.choice import ReaderChoice
from xreview.review.past.precedents import PairRecord, Precedents
from xreview.review.session.snapshot import ReviewerProgress, ReviewerState, ReviewSnapshot
from xreview.tui.widgets.disagreement_text import (
    FindingContext,
    disagreement_content,
    finding_context,
)

GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6")
AUTHOR = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus-5")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "pro")
RAISED = replace(report(), reviewer=GPT, settle="A test with two threads.")
RAISES = Stance(GPT, StanceKind.RAISES, RAISED.claim, RAISED.anchor.quote)
SILENT = Stance(ECONOMY, StanceKind.SILENT)
REBUTTAL = Stance(
    AUTHOR, StanceKind.REBUTS, "The caller \x1b[2J[b]locks[/b]", "lock()", "Read it.", "a.py", 3
)
BY_ANTHROPIC = FindingContext(author="anthropic")


def made(kind: Disagreement, *stances: Stance, reports=(RAISED,)) -> Finding:
    return Finding(reports, (RAISES, SILENT, *stances), kind)


CONTESTED = made(Disagreement.CONTESTED, REBUTTAL)


def said(
    finding: Finding,
    context: FindingContext = BY_ANTHROPIC,
    width: int = 60,
    height: int = 40,
    *,
    is_whole: bool = False,
) -> list[str]:
    room = Size(width, height)
    return disagreement_content(finding, context, room, "b", is_whole=is_whole).plain.split("\n")


@pytest.mark.parametrize("kind", [StanceKind.REBUTS, StanceKind.TRADE_OFF])
def test_it_opens_with_who_answers_and_the_argument(kind):
    answer = replace(REBUTTAL, kind=kind)
    other = Stance(GEMINI, StanceKind.CONCEDES, "I agree.")
    named = Disagreement.CONTESTED if kind is StanceKind.REBUTS else Disagreement.TRADE_OFF
    rows = said(made(named, other, answer))
    verb = {"rebuts": "rebuts", "trade-off": "calls it a trade-off"}[kind]
    assert rows[0].startswith(f"opus {verb} · author's family")
    assert rows[1] == "The caller ␛[2J[b]locks[/b]"
    assert rows.index("I agree.") > 1


def test_the_claim_and_its_quote_are_not_repeated():
    text = "\n".join(said(CONTESTED))
    assert RAISED.claim not in text
    assert f"│ {RAISED.anchor.quote}" not in text


def test_a_quote_from_another_place_is_shown_with_it():
    rows = said(CONTESTED)
    assert rows[2:4] == ["a.py:3", "│ lock()"]
    here = replace(REBUTTAL, path=RAISED.anchor.path, line=RAISED.anchor.start_line)
    assert "│ lock()" not in said(made(Disagreement.CONTESTED, here))


def test_a_quote_from_nowhere_is_marked():
    lost = replace(REBUTTAL, anchored=False, path="", line=0)
    rows = said(made(Disagreement.CONTESTED, lost))
    assert rows[2:4] == ["This quote isn't in the code:", "│ lock()"]


def test_the_heading_stays_on_one_line():
    assert said(CONTESTED, width=60)[0] == "opus rebuts · author's family · anthropic opus-5"
    assert said(CONTESTED, width=36)[0] == "opus rebuts · author's family"
    assert said(CONTESTED, width=20)[0] == "opus rebuts"
    assert said(CONTESTED, FindingContext())[0] == "opus rebuts · anthropic opus-5"


def test_a_conflict_gives_the_second_report_in_full_with_its_number():
    first = replace(RAISED, request=Request(Direction.ADD, "locking"))
    second = replace(
        report("The lock is useless", reviewer=ECONOMY, lens=Lens.ECONOMY, suggestion="go()"),
        request=Request(Direction.REMOVE, "locking"),
    )
    rows = said(made(Disagreement.CONFLICT, reports=(first, second)))
    assert rows[:2] == ["2 economy asks for the opposite", "The lock is useless"]
    assert second.claim in rows
    assert f"How it fails  {second.scenario}" in rows
    assert rows[rows.index("- pass") + 1] == "+ go()"
    assert "asks to remove locking" in said(
        made(Disagreement.CONFLICT, reports=(first, second)), width=100
    )[2]  # fmt: skip


def test_corroborated_names_who_else_raises_it_in_a_line():
    other = report("It swallows", reviewer=ECONOMY)
    rows = said(made(Disagreement.CORROBORATED, reports=(RAISED, other)))
    assert rows[0] == "2 economy also raises it: It swallows"
    assert other.claim not in rows
    far = replace(other, anchor=replace(other.anchor, start_line=70, end_line=70))
    rows = said(made(Disagreement.CORROBORATED, reports=(RAISED, far)))
    assert rows[0].endswith("· a.py:70")


def test_a_concession_is_cut_to_two_lines_where_the_whole_does_not_fit():
    agrees = Stance(AUTHOR, StanceKind.CONCEDES, "Correct, it is so. " * 20)
    finding = made(Disagreement.CONCEDED, agrees)
    whole = [said(finding), said(finding, height=6, is_whole=True)]
    assert all(rows[1] == agrees.argument for rows in whole)
    rows = said(finding, height=6)
    assert rows[0].startswith("opus concedes")
    assert rows[2].endswith("…")
    assert rows[3] == ""
    assert all(len(row) <= 60 for row in rows[:3])


def test_a_rebuttal_is_never_cut():
    answer = replace(REBUTTAL, argument="It is not so. " * 60)
    finding = made(Disagreement.CONTESTED, answer)
    assert said(finding, height=4)[1] == answer.argument


def test_nobody_answered_a_lone_one():
    lone = made(Disagreement.LONE)
    assert said(lone)[0] == "Nobody answered."
    asks = said(lone, replace(BY_ANTHROPIC, can_ask=True))[0]
    assert asks == "Nobody answered. Press b to ask the author's model."
    assert "no model was asked" in said(lone, FindingContext(is_by_analysers=True))[0]
    awaited = FindingContext(is_by_analysers=True, is_awaited=True)
    assert said(lone, awaited)[0] == "Nobody has answered yet."


def test_models_that_read_the_same_code_without_raising_it_are_named():
    rows = said(made(Disagreement.LONE, Stance(GEMINI, StanceKind.SILENT)))
    assert rows[0] == "gemini read the same code and raised nothing here."
    assert rows[-2] == "Silent here: economy"


def test_the_silent_share_one_line_with_the_reason_where_one_failed():
    failed = Stance(GEMINI, StanceKind.SILENT, "it was unreachable.")
    rows = said(made(Disagreement.CONTESTED, REBUTTAL, failed))
    assert rows[-2] == "Silent here: economy, gemini (it was unreachable)"


def test_it_says_what_would_settle_it_once():
    rows = said(CONTESTED)
    at = rows.index("What would settle it")
    assert rows[at + 1 : at + 4] == ["A test with two threads.", "Read it.", ""]
    longer = replace(REBUTTAL, settles="A test with two threads and a clock.")
    rows = said(made(Disagreement.CONTESTED, longer))
    assert "A test with two threads." not in rows
    silent = replace(RAISED, settle="")
    assert "What would settle it" not in said(made(Disagreement.LONE, reports=(silent,)))


def test_hostile_text_is_made_visible():
    assert "\x1b" not in "".join(said(CONTESTED))


def test_the_pairs_record_is_said_where_there_is_one():
    pair = ("anthropic", scored(GPT), RAISED.category)
    known = Precedents(shares={pair: Proportion(12, 15)})
    records = known.records_on(CONTESTED, "anthropic")
    assert records == [PairRecord(*pair, Proportion(12, 15))]
    assert known.records_on(CONTESTED, "openai") == []
    told = f"gpt on anthropic, {RAISED.category}: 12 of 15 accepted"
    assert told in said(CONTESTED, FindingContext(records=records))
    assert not any("accepted" in row for row in said(CONTESTED))


def snapshot(*families: str, author: str = "anthropic") -> ReviewSnapshot:
    return ReviewSnapshot(
        "s",
        ChangeSource(ChangeKind.WORKTREE, "worktree", "/r"),
        is_collected=True,
        reviewers=(ReviewerProgress(GPT, Lens.RISK, ReviewerState.DONE),),
        attribution=Attribution(Author(vendor=author)),
        choice=ReaderChoice((), "Said.", frozenset(families)),
    )


def test_the_authors_model_can_be_asked_only_where_there_is_one():
    lone = made(Disagreement.LONE)
    assert finding_context(lone, snapshot("openai", "anthropic"), None).can_ask
    assert not finding_context(lone, snapshot("openai", "google"), None).can_ask
    assert not finding_context(lone, snapshot("openai", "anthropic", author=""), None).can_ask
    own = made(Disagreement.LONE, reports=(replace(RAISED, reviewer=AUTHOR),))
    assert not finding_context(own, snapshot("openai", "anthropic"), None).can_ask
    running = replace(snapshot("openai", "anthropic"), is_joining=True)
    assert not finding_context(lone, running, None).can_ask


def test_the_whole_conversation_is_shown_and_the_author_of_the_change_is_marked():
    hostile = "See \x1b[2J\u202ethe [b]caller[/b]."
    thread = thread_said("T1", remark("11", PULL_AUTHOR, hostile), remark("12", BOT, "Fair."))
    lone = made(Disagreement.LONE)
    rows = said(lone, FindingContext(threads=(thread,), pull_author=PULL_AUTHOR))
    assert rows[:10] == [
        "Thread · ↳ replied",
        "coderabbitai[bot] bot · 2026-01-02 03:04",
        "Every error is swallowed here.",
        "",
        "bob wrote this change · 2026-01-02 03:04",
        "See ␛[2J⇄the [b]caller[/b].",
        "",
        "coderabbitai[bot] bot · 2026-01-02 03:04",
        "Fair.",
        f"{ADDRESS.url}#discussion_rT10",
    ]


def test_a_thread_without_replies_says_so_beside_the_silence_of_others():
    rows = said(made(Disagreement.LONE), FindingContext(threads=(thread_said("T1"),)))
    text = "\n".join(rows)
    assert "Nobody answered." in text
    assert "Thread · □ open" in text
    assert "Nobody replied." in text


def test_edited_and_pending_comments_are_told():
    late = replace(remark("11", PULL_AUTHOR, "Now."), edited="2026-02-01T00:00:00Z")
    own = replace(remark("12", PULL_AUTHOR, "Soon."), is_pending=True)
    rows = said(made(Disagreement.LONE), FindingContext(threads=(thread_said("T1", late, own),)))
    assert "bob · 2026-01-02 03:04, edited" in rows
    assert "bob · 2026-01-02 03:04 · only you see it yet" in rows


def test_the_context_has_the_threads_of_the_finding_alone():
    source = ChangeSource(ChangeKind.WORKTREE, "worktree", "/r")
    threads = {one: thread_said(one) for one in ("T1", "T2")}
    lone = made(Disagreement.LONE, reports=(replace(RAISED, source="T2"),))
    context = finding_context(lone, ReviewSnapshot("s", source, pull=PULL, threads=threads), None)
    assert [one.id for one in context.threads] == ["T2"]
    assert context.pull_author == PULL_AUTHOR
