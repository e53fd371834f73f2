"""How far the bots have seen the head."""

import pytest

from tests.imports.discussing import (
    ADA,
    CODEX,
    HEAD,
    OLD,
    RABBIT,
    comment,
    discussion,
    one_voice,
    review,
    thread,
    voices,
)
from xreview.domain.coverage import Reading
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.sight import Sight
from xreview.imports.threads import sights_of

QUOTA = "You have reached your Codex usage limits for code reviews."
CLEAN = "Codex Review: Didn't find any major issues.\n\n**Reviewed commit:** `{}`"
EARLY, LATE = "2026-11-30T09:00:00Z", "2026-11-30T11:00:00Z"
UNKNOWN = ForgeAccount("new-reviewer[bot]", is_bot=True)


@pytest.mark.parametrize(
    ("said", "sight", "why"),
    [
        ([review(CODEX, "### 💡 Codex Review")], Sight.REVIEWED, ""),
        ([thread("It fails.", CODEX)], Sight.REVIEWED, ""),
        ([review(UNKNOWN)], Sight.REVIEWED, ""),
        ([comment(CODEX, CLEAN.format(HEAD[:10]))], Sight.REVIEWED, ""),
        ([review(CODEX, commit=OLD)], Sight.STALE, OLD),
        ([thread("It fails.", CODEX, commit=OLD)], Sight.STALE, OLD),
        ([comment(CODEX, CLEAN.format(OLD[:10]))], Sight.STALE, OLD[:10]),
        ([comment(CODEX, "Codex Review: Didn't find any major issues.")], Sight.STALE, ""),
        ([comment(CODEX, QUOTA)], Sight.BLIND, QUOTA.removesuffix(".")),
        # A refusal that is posted as a review of the head is no review.
        ([review(CODEX, QUOTA)], Sight.BLIND, QUOTA.removesuffix(".")),
        ([review(CODEX, commit=OLD, at=EARLY), comment(CODEX, QUOTA, LATE)], Sight.BLIND, None),
        ([comment(CODEX, QUOTA, EARLY), review(CODEX, commit=OLD, at=LATE)], Sight.STALE, OLD),
        ([comment(CODEX, QUOTA, LATE), review(CODEX, at=EARLY)], Sight.REVIEWED, ""),
    ],
)
def test_the_sight_of_a_bot(said, sight, why):
    (found,) = sights_of(discussion(*said), HEAD, [])
    assert found.sight is sight
    assert why is None or found.why == why


def test_a_bot_that_was_asked_and_says_nothing_is_silent():
    sights = sights_of(discussion(), HEAD, [CODEX, ADA])
    assert [(one.bot, one.sight) for one in sights] == [(CODEX, Sight.SILENT)]


def test_a_bot_that_was_asked_again_keeps_what_it_said():
    (sight,) = sights_of(discussion(review(CODEX, commit=OLD)), HEAD, [CODEX])
    assert sight.sight is Sight.STALE


def test_people_and_bots_that_only_report_have_no_sight():
    said = discussion(review(ADA), thread("A.", ADA), comment(UNKNOWN, "Coverage is 80 %."))
    assert sights_of(said, HEAD, []) == ()


async def test_a_thread_that_its_forge_moves_along_is_no_proof_of_reading():
    said = discussion(thread("It fails.", RABBIT, hunk=""))
    assert sights_of(said, HEAD, []) == ()
    (entry,) = (await one_voice(said)).coverage
    assert (entry.reading, entry.why) == (
        Reading.SKIPPED,
        "it doesn't say which version it read",
    )


def test_words_about_limits_in_a_thread_are_about_the_code():
    (sight,) = sights_of(discussion(thread("Rate limit exceeded is swallowed.", RABBIT)), HEAD, [])
    assert sight.sight is Sight.REVIEWED


def test_a_refusal_that_is_quoted_in_code_is_no_refusal():
    body = "Actionable comments posted: 1\n\n```\nReview limit reached\n```"
    (sight,) = sights_of(discussion(review(RABBIT, body)), HEAD, [])
    assert sight.sight is Sight.REVIEWED


def test_without_a_head_nothing_is_stale_or_reviewed():
    assert sights_of(discussion(review(CODEX, commit=OLD)), "", []) == ()
    (sight,) = sights_of(discussion(comment(CODEX, QUOTA)), "", [])
    assert sight.sight is Sight.BLIND


@pytest.mark.parametrize(
    ("said", "reading", "why", "is_gap"),
    [
        (review(CODEX), Reading.READ, "", False),
        (review(CODEX, commit=OLD), Reading.FAILED, "it read an older commit, bbbbbbbbbbbb", True),
        (comment(CODEX, QUOTA), Reading.FAILED, f"it could not review: {QUOTA[:-1]}", True),
        (thread("A."), Reading.SKIPPED, "a person doesn't say which files they read", False),
    ],
)
async def test_a_sight_is_the_coverage_of_every_file(said, reading, why, is_gap):
    voice = await one_voice(discussion(said))
    (entry,) = voice.coverage
    assert (entry.reading, entry.why, entry.is_gap) == (reading, why, is_gap)
    # A reviewer that hasn't read must not look like one that is done.
    assert voice.failure == (f"{why[:1].upper()}{why[1:]}." if is_gap else "")


async def test_a_silent_bot_is_a_reviewer_with_a_gap():
    (voice,) = await voices(discussion(), asked=[RABBIT])
    assert voice.reviewer.identity.name == "coderabbit"
    assert [entry.is_gap for entry in voice.coverage] == [True]
