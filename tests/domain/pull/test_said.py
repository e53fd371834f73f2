from dataclasses import replace

from tests.domain.pull.threads import ADA, BOT, thread
from xreview.domain.pull.discussion import Discussion, RemoteComment, SubmittedReview
from xreview.domain.pull.marker import REVIEW_MARKER
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.said import LONGEST_SAID, MOST_SAID, said_on_change

BOB = ForgeAccount("bob")


def at(minute: int) -> str:
    return f"2026-11-01T10:{minute:02}:00Z"


def bodies(discussion: Discussion) -> list[str]:
    return [one.body for one in said_on_change(discussion, ADA)]


def test_comments_and_the_texts_of_reviews_come_in_the_order_of_time():
    said = Discussion(
        reviews=(
            SubmittedReview("1", BOB, "Second.", at=at(2), url="https://f.example/r"),
            SubmittedReview("2", BOB, "  \n", at=at(3)),
            SubmittedReview("3", ADA, "Mine, not published.", at=at(3), is_pending=True),
            SubmittedReview("4", ADA, f"Posted from here.\n\n{REVIEW_MARKER}", at=at(3)),
        ),
        comments=(RemoteComment("9", BOB, "Third.", at(4)), RemoteComment("8", ADA, "1st", at(1))),
    )
    assert bodies(said) == ["1st", "Second.", "Third."]
    second = said_on_change(said, ADA)[1]
    assert (second.author, second.url, second.review) == (BOB, "https://f.example/r", "1")


def test_of_the_threads_those_without_a_place_and_the_author_s_own():
    on_lines = thread((BOT, "A finding."), (BOB, "Is it?"))
    own = thread((ADA, "Why I did this."), (BOB, "I see."))
    free = replace(thread((BOB, "As a whole?"), (ADA, "Yes.")), place=None)
    assert bodies(Discussion((on_lines, own, free))) == [
        "Why I did this.", "I see.", "As a whole?", "Yes.",
    ]  # fmt: skip


def test_endless_talk_is_bounded():
    many = [RemoteComment(str(n), BOB, f"{n} " + "x" * 2 * LONGEST_SAID) for n in range(500)]
    kept = bodies(Discussion(comments=tuple(many)))
    assert len(kept) == MOST_SAID
    assert kept[-1].startswith("499 ")
    assert max(map(len, kept)) <= LONGEST_SAID
